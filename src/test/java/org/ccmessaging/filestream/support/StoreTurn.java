package org.ccmessaging.filestream.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * One request to a {@link FaultyServer} of scripts, and the server's turn to respond. What a script sends leaves at
 * once.
 *
 * <p>Offsets are those of the object. A script that breaks the first response at its middle so breaks a response with
 * the rest at the same place, and sends nothing of it.
 */
public final class StoreTurn {

    private static final String ETAG = "\"one\"";

    private final String request;
    private final Socket connection;
    private final InputStream in;
    private final byte[] content;
    private final int number;
    private final String language;

    /** @param request the request line and the headers */
    StoreTurn(String request, Socket connection, InputStream in, byte[] content, int number, String language) {
        this.request = request;
        this.connection = connection;
        this.in = in;
        this.content = content;
        this.number = number;
        this.language = language;
    }

    /** The same turn, of a store that names another language than the request asks for; {@code null} for none. */
    public StoreTurn withLanguage(String another) {
        return new StoreTurn(request, connection, in, content, number, another);
    }

    /** The target of the request: the authority of a CONNECT, otherwise path and query. */
    public String target() {
        return request.split(" ", 3)[1];
    }

    /** The values of a header of the request. */
    public List<String> headers(String name) {
        return request.lines().filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip()).toList();
    }

    /** The version of the object whose tags the request is for: empty without versions, {@code null} if for no tags. */
    public String versionOfTags() {
        String[] query = request.split(" ")[1].split("\\?tagging=(&versionId=)?", 2);
        return query.length < 2 ? null : query[1];
    }

    /** Sends a list of tags; each is a key and a value. */
    public void tags(String... keysAndValues) throws IOException {
        StringBuilder list = new StringBuilder("<?xml version=\"1.0\"?><Tagging xmlns=\"http://s3.amazonaws.com/doc/\">"
                + "<TagSet>");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            list.append("<Tag><Key>").append(keysAndValues[i]).append("</Key><Value>").append(keysAndValues[i + 1])
                    .append("</Value></Tag>");
        }
        list.append("</TagSet></Tagging>");
        head(200, "Content-Length: " + list.length());
        send(list.toString());
    }

    /** Whether this is the first request for the object. */
    public boolean isFirst() {
        return number == 1;
    }

    /** Whether the request is for the rest of the object. */
    public boolean isForRest() {
        return !headers("Range").isEmpty();
    }

    /** The offset that the request starts from. */
    public int from() {
        return headers("Range").stream().mapToInt(range -> Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1")))
                .findFirst().orElse(0);
    }

    public byte[] content() {
        return content;
    }

    public int length() {
        return content.length;
    }

    /** Sends a status line and headers with the strong ETag, and the language that the request asks for. */
    public void head(int status, String... headers) throws IOException {
        headOf(ETAG, "HTTP/1.1 " + status + " Text", headers);
    }

    /** Sends a head with another status line, or another ETag; {@code null} for none. */
    public void headOf(String etag, String statusLine, String... headers) throws IOException {
        send(headText(etag, statusLine, headers));
    }

    /** Makes a head, for a script that sends it in its own way. */
    public String headText(String etag, String statusLine, String... headers) {
        StringBuilder head = new StringBuilder(statusLine).append("\r\n");
        if (etag != null) {
            head.append("ETag: ").append(etag).append("\r\n");
        }
        if (language != null) {
            head.append("Content-Language: ").append(language).append("\r\n");
        }
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    /** Sends the head of the right response, with more headers. */
    public void rightHead(String... more) throws IOException {
        String[] headers = new String[more.length + (isForRest() ? 2 : 1)];
        System.arraycopy(more, 0, headers, 0, more.length);
        headers[more.length] = "Content-Length: " + (length() - from());
        if (isForRest()) {
            headers[more.length + 1] = contentRange();
        }
        head(isForRest() ? 206 : 200, headers);
    }

    /** The header that names the rest of the object. */
    public String contentRange() {
        return "Content-Range: bytes " + from() + "-" + (length() - 1) + "/" + length();
    }

    /** Sends the right response: the object, or the rest of it, with more headers. */
    public void right(String... more) throws IOException {
        if (!headers("If-Match").stream().allMatch(ETAG::equals)) {
            error(412, "PreconditionFailed");
        } else if (isForRest() && from() >= length()) {
            error(416, "InvalidRange");
        } else {
            rightHead(more);
            upTo(length());
        }
    }

    /** Sends the object's bytes from the requested offset up to another. */
    public void upTo(int end) throws IOException {
        if (end > from()) {
            connection.getOutputStream().write(content, from(), end - from());
        }
    }

    /** Sends the object's bytes from the requested offset up to another, and closes the connection in good order. */
    public void endAfter(int end) throws IOException {
        upTo(end);
        close();
    }

    /** Sends the object's bytes up to an offset in chunks of HTTP, without the last chunk. */
    public void chunksUpTo(int end) throws IOException {
        for (int at = from(); at < end; at += 10_000) {
            int count = Math.min(10_000, end - at);
            send(Integer.toHexString(count) + "\r\n");
            connection.getOutputStream().write(content, at, count);
            send("\r\n");
        }
    }

    /** Sends an error as Ceph tells it. */
    public void error(int status, String code) throws IOException {
        error(status, code, "");
    }

    /** Sends an error as S3 tells it, with more headers. */
    public void error(int status, String code, String message, String... more) throws IOException {
        String body = "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>";
        head(status, Stream.concat(Stream.of("Content-Type: application/xml", "Content-Length: " + body.length()),
                Stream.of(more)).toArray(String[]::new));
        send(body);
    }

    /** Sends characters as bytes. */
    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes. */
    public void send(byte[] bytes) throws IOException {
        connection.getOutputStream().write(bytes);
    }

    /** Sends the same text until the service hangs up. */
    public void sendForEver(String text, long everyMillis) throws IOException {
        while (!connection.isClosed()) {
            send(text);
            pause(everyMillis);
        }
    }

    /** Carries bytes to and from another server, as a proxy does. */
    public void tunnel(String authority) throws IOException {
        URI to = URI.create("http://" + authority);
        try (Socket next = new Socket(to.getHost(), to.getPort())) {
            FaultyServer.tunnel(connection, next);
        }
    }

    /** Waits. */
    public void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the connection in good order. */
    public void close() throws IOException {
        connection.close();
    }

    /** Resets the connection. */
    public void reset() throws IOException {
        connection.setSoLinger(true, 0);
        connection.close();
    }

    /** Ends what the store sends, and keeps the connection until the service hangs up. */
    public void halfClose() throws IOException {
        connection.shutdownOutput();
        stall();
    }

    /** Sends nothing more until the service hangs up. */
    public void stall() throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
        connection.close();
    }
}
