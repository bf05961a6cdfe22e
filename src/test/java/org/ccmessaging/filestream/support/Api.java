package org.ccmessaging.filestream.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.util.StringUtils;

/**
 * Calls a port of the service over real HTTP. A response of the API port that differs from the interface description
 * fails the test that sent the request, whatever that test is about.
 */
public final class Api {

    public static final String DOWNLOAD = "/apiaccess/ccmessaging/downloadFileStream";
    public static final String TOKEN_BY_AK_SK = "/apigovernance/api/oauth/tokenByAkSk";
    public static final String APPLY_TOKEN = "/apiaccess/ccmessaging/applyToken";

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern REQUEST_LINE = Pattern.compile("(\\S+) (\\S+) HTTP/1\\.[01]\r\n");

    /** More than the service lets a client wait for its next byte. */
    private static final int LONGEST_SILENCE_MILLIS = 120_000;

    private final URI base;
    private final DescribedAnswers description;

    /** A client of a port that the interface description does not describe. */
    public Api(URI base) {
        this(base, null);
    }

    private Api(URI base, DescribedAnswers description) {
        this.base = base;
        this.description = description;
    }

    /** A client of the API port. */
    public static Api described(URI base) {
        return new Api(base, DescribedAnswers.ofTheService());
    }

    private void check(String method, String path, int status, Map<String, List<String>> headers, byte[] body) {
        if (description != null) {
            description.check(method, path, status, headers, body);
        }
    }

    public URI base() {
        return base;
    }

    /** A response, read to its end. */
    public record Answer(int status, HttpHeaders headers, byte[] bytes) {

        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            try {
                return JSON.readTree(bytes);
            } catch (IOException notJson) {
                throw new AssertionError("not JSON: " + text(), notJson);
            }
        }

        public String header(String name) {
            return headers.firstValue(name).orElse(null);
        }

        public byte[] file() {
            JsonNode file = json().get("fileStream");
            if (file == null) {
                throw new AssertionError("a file expected, but: " + status() + " " + text());
            }
            return Base64.getDecoder().decode(file.asText());
        }

        public TreeSet<String> headerNames() {
            TreeSet<String> names = new TreeSet<>();
            headers.map().keySet().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
            return names;
        }
    }

    /** A name, its value, the next name, and so on; a name may come more than once. */
    public static String[] headers(String... nameAndValue) {
        return nameAndValue;
    }

    public static String[] credentials() {
        return credentials(TestTokens.session());
    }

    public static String[] credentials(TestTokens session) {
        return credentials(TestTokens.access().sign(), session.sign());
    }

    public static String[] credentials(String accessToken, String sessionToken) {
        return headers("ccmessaging-token", sessionToken, "x-app-key", TestTokens.APP_KEY,
                "Authorization", "Bearer " + accessToken);
    }

    public static String[] credentialsAnd(String... more) {
        return StringUtils.concatenateStringArrays(credentials(), more);
    }

    public static String request(String branch, String name) {
        return switch (branch) {
            case "local" -> request("local/" + name, "txt", null);
            case "multimedia-library" -> request(name, "txt", "multiMedia");
            default -> request(name, "txt", null);
        };
    }

    public static String request(String fileId, String fileType, String multiMedia) {
        ObjectNode body = JSON.createObjectNode()
                .put("fileId", fileId).put("channel", "WEB").put("fileType", fileType);
        return (multiMedia == null ? body : body.put("multiMedia", multiMedia)).toString();
    }

    public Answer download(String body) {
        return download(body, credentials());
    }

    public Answer download(String body, String... headers) {
        return post(DOWNLOAD, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    public Answer post(String path, byte[] body, String... headers) {
        return send("POST", path, HttpRequest.BodyPublishers.ofByteArray(body), headers);
    }

    public Answer get(String path) {
        return send("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    /** Fetches what a link leads to, as a browser does. */
    public static Answer fetch(String link) {
        return new Api(URI.create(link)).get(link);
    }

    public Answer send(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        try {
            HttpResponse<byte[]> answer = CLIENT.send(request(method, path, body, headers),
                    HttpResponse.BodyHandlers.ofByteArray());
            check(method, path, answer.statusCode(), answer.headers().map(),
                    method.equals("HEAD") ? null : answer.body());
            return new Answer(answer.statusCode(), answer.headers(), answer.body());
        } catch (IOException failure) {
            throw new AssertionError(method + " " + path + ": " + failure, failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stop);
        }
    }

    /** A download whose body the caller reads. */
    public InputStream downloadStream(String body) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = CLIENT.send(
                request("POST", DOWNLOAD, HttpRequest.BodyPublishers.ofString(body), credentials()),
                HttpResponse.BodyHandlers.ofInputStream());
        check("POST", DOWNLOAD, answer.statusCode(), answer.headers().map(), null);
        return answer.body();
    }

    private HttpRequest request(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).method(method, body)
                .timeout(Duration.ofSeconds(90));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.build();
    }

    /** Sends bytes that no HTTP client would send, and returns all that comes until the connection ends. */
    public String raw(String bytes) {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(LONGEST_SILENCE_MILLIS);
            send(bytes, socket);
            String answer = received(socket.getInputStream());
            checkRaw(bytes, answer);
            return answer;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static String received(InputStream in) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try {
            in.transferTo(received);
        } catch (SocketException reset) {
            // The service closed the connection before it had read everything.
        }
        return received.toString(StandardCharsets.UTF_8);
    }

    private static void send(String bytes, Socket socket) {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
        } catch (IOException hungUp) {
            // The service responds to what it refuses, and may hang up before it has read all of it.
        }
    }

    /** Compares status and headers of a download that a test reads by itself with the interface description. */
    public void checkDownload(String startOfResponse) {
        checkRaw("POST " + DOWNLOAD + " HTTP/1.1\r\n", startOfResponse);
    }

    private void checkRaw(String request, String answer) {
        Matcher requestLine = REQUEST_LINE.matcher(request);
        boolean http = requestLine.lookingAt();
        String method = http ? requestLine.group(1) : DescribedAnswers.MALFORMED;
        if (answer.isEmpty()) {
            throw new AssertionError("The service ended the connection without a response");
        }
        String[] headAndBody = answer.split("\r\n\r\n", 2);
        String[] head = headAndBody[0].split("\r\n");
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int i = 1; i < head.length; i++) {
            String[] nameAndValue = head[i].split(": ?", 2);
            headers.computeIfAbsent(nameAndValue[0], name -> new ArrayList<>()).add(nameAndValue[1]);
        }
        boolean bodyAsItIs = !method.equals("HEAD") && !headers.containsKey("Transfer-Encoding");
        check(method, http ? requestLine.group(2) : "", Integer.parseInt(head[0].split(" ")[1]), headers,
                bodyAsItIs ? headAndBody[1].getBytes(StandardCharsets.UTF_8) : null);
    }

    /** A connection that has requested a download and read nothing. A reader calls {@link #checkDownload}. */
    public Socket slowReader(String body) throws IOException {
        return slowReader(body, credentials());
    }

    public Socket slowReader(String body, String... headers) throws IOException {
        String request = rawDownload(body, headers);
        return slowReader(request, request.length());
    }

    /** A connection that has sent the request for a download but for the last byte of its body. */
    public Socket halfSentBody(String body, String... headers) throws IOException {
        String request = rawDownload(body, headers);
        return slowReader(request, request.length() - 1);
    }

    private Socket slowReader(String request, int characters) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(LONGEST_SILENCE_MILLIS);
        socket.connect(new InetSocketAddress(base.getHost(), base.getPort()));
        socket.getOutputStream().write(request.substring(0, characters).getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /** The request for a download as the wire carries it. The server closes the connection after the response. */
    public static String rawDownload(String body, String... headers) {
        return "POST " + DOWNLOAD + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n" + lines(headers) + "\r\n" + body;
    }

    public static String lines(String... headers) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            lines.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        return lines.toString();
    }
}
