package org.ccmessaging.filestream.reliability;

import static org.ccmessaging.filestream.support.Outcomes.BUSY;
import static org.ccmessaging.filestream.support.Outcomes.EMPTY_FILE;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.ccmessaging.filestream.reliability.RawResponses.Response;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.TestTokens;

/** A client that compares what it gets with the file, which it can make from tenant and name. */
final class SoakClient {

    private static final Set<String> ROWS = Set.of(READ_BROKEN, FILE_SERVICE_REFUSED);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_MS = 90_000;

    private final SoakFigures figures;

    SoakClient(SoakFigures figures) {
        this.figures = figures;
    }

    /** The content of a tenant's file. No two files start with the same bytes. */
    static byte[] file(String tenant, String name, int length) {
        byte[] content = new byte[length];
        new Random((tenant + "/" + name).hashCode()).nextBytes(content);
        return content;
    }

    /** The three credentials of a customer of a tenant. */
    static String[] credentials(String tenant) {
        return Api.credentials(TestTokens.session().claim("tenantId", tenant));
    }

    /** How a client reads. */
    enum Manner {
        /** As fast as it comes. */
        FAST,
        /** In small steps with pauses. */
        SLOW,
        /** Goes away in the middle. */
        ABORTS
    }

    /**
     * Downloads a file and counts what came.
     *
     * @throws IOException if no complete response came, and the client did not go away
     */
    void download(URI service, String request, String tenant, byte[] file, Manner manner, Random random)
            throws IOException {
        long start = System.nanoTime();
        byte[] received;
        try (Socket socket = new Socket(service.getHost(), service.getPort())) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(
                    Api.rawDownload(request, credentials(tenant)).getBytes(StandardCharsets.UTF_8));
            if (manner == Manner.ABORTS) {
                socket.getInputStream().readNBytes(random.nextInt(1 + file.length));
                socket.setSoLinger(random.nextBoolean(), 0);
                figures.count("aborted by the client");
                return;
            }
            received = manner == Manner.SLOW ? readSlowly(socket.getInputStream())
                    : socket.getInputStream().readAllBytes();
        }
        RawResponses responses = RawResponses.of(received);
        if (!responses.faults().isEmpty()) {
            figures.wrong("not a response of the contract", request + ": " + responses.faults());
        } else if (responses.complete().size() != 1) {
            throw new IOException("no complete response but " + received.length + " bytes");
        } else {
            judge(responses.complete().get(0), request, tenant, file);
            if (manner == Manner.FAST) {
                figures.took((System.nanoTime() - start) / 1_000_000);
            }
        }
    }

    private static byte[] readSlowly(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] step = new byte[32 * 1024];
        for (int count = in.readNBytes(step, 0, step.length); count > 0; count = in.readNBytes(step, 0, step.length)) {
            all.write(step, 0, count);
            try {
                Thread.sleep(20);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return all.toByteArray();
            }
        }
        return all.toByteArray();
    }

    private void judge(Response response, String request, String tenant, byte[] file) throws IOException {
        String body = new String(response.body(), StandardCharsets.UTF_8);
        if (response.status() == 503 && body.equals(BUSY)) {
            figures.count("503 busy");
            return;
        }
        JsonNode json = JSON.readTree(response.body());
        String code = json.path("resultCode").asText();
        if (response.status() != 200) {
            figures.wrong("status " + response.status(), tenant + " " + request + ": " + body);
        } else if (json.has("fileStream")) {
            byte[] got = Base64.getDecoder().decode(json.get("fileStream").asText());
            if (code.equals("0") && sha256(got).equals(sha256(file))) {
                figures.count("code 0 with the exact file");
            } else if (code.equals("0")) {
                figures.wrong("wrong success", tenant + " " + request + ": " + got.length + " of " + file.length);
            } else if (!Arrays.equals(got, Arrays.copyOf(file, got.length))) {
                figures.wrong("another start than the file's", tenant + " " + request);
            } else {
                figures.count("code " + code + " after a true start of the file");
            }
        } else if (ROWS.contains(body) || file.length == 0 && body.equals(EMPTY_FILE)) {
            figures.count("code " + code + " " + json.path("resultDesc").asText());
        } else {
            figures.wrong("another row", tenant + " " + request + ": " + body);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
