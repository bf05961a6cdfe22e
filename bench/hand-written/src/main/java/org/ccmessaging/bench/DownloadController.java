package org.ccmessaging.bench;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.springframework.http.HttpStatus;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Checks the tokens, opens the object and encodes it chunk by chunk into the response. It writes to the servlet response
 * and does not return a StreamingResponseBody, which would hand each request to a second thread.
 */
@RestController
class DownloadController {

    /** A multiple of 3, so that chunks encode without padding between them. */
    private static final int CHUNK_BYTES = 48 * 1024;

    /** Up to here the answer has a Content-Length; above, it must stay able to end with another code. */
    private static final int SMALL_BYTES = 256 * 1024;

    private static final byte[] HEAD = ascii("{\"fileStream\":\"");
    private static final byte[] SUCCESS = ascii("\",\"resultCode\":\"0\"}");
    private static final byte[] BROKEN =
            ascii("\",\"resultCode\":\"13\",\"resultDesc\":\"downloadFileStream IOException\"}");

    private final TokenCheck tokenCheck;
    private final S3Client s3;

    DownloadController(TokenCheck tokenCheck, S3Client s3) {
        this.tokenCheck = tokenCheck;
        this.s3 = s3;
    }

    /** The request's body; fields that nobody asks for here are ignored. */
    record DownloadRequest(String fileId, String channel, String fileType) {
    }

    @PostMapping("/apiaccess/ccmessaging/downloadFileStream")
    void download(@RequestHeader("Authorization") String authorization,
            @RequestHeader("ccmessaging-token") String sessionToken, @RequestHeader("x-app-key") String appKey,
            @RequestBody DownloadRequest request, HttpServletResponse response) throws IOException {
        String tenant = tokenCheck.tenant(authorization, sessionToken, appKey);
        try (ResponseInputStream<GetObjectResponse> object =
                s3.getObject(get -> get.bucket("standard").key(tenant + "/" + request.fileId()))) {
            long size = object.response().contentLength();
            response.setContentType("application/json");
            if (size <= SMALL_BYTES) {
                response.setContentLengthLong(HEAD.length + (size + 2) / 3 * 4 + SUCCESS.length);
            }
            send(object, (int) Math.min(size, CHUNK_BYTES), response.getOutputStream());
        }
    }

    private static void send(ResponseInputStream<GetObjectResponse> object, int chunkBytes, OutputStream out)
            throws IOException {
        byte[] chunk = new byte[chunkBytes];
        byte[] encoded = new byte[(chunkBytes + 2) / 3 * 4];
        out.write(HEAD);
        while (true) {
            int count;
            try {
                count = object.readNBytes(chunk, 0, chunkBytes);
            } catch (IOException broken) {
                object.abort();
                out.write(BROKEN);
                return;
            }
            if (count == 0) {
                break;
            }
            int length = Base64.getEncoder().encode(count == chunkBytes ? chunk : Arrays.copyOf(chunk, count), encoded);
            out.write(encoded, 0, length);
        }
        out.write(SUCCESS);
    }

    @ExceptionHandler(JwtException.class)
    @ResponseStatus(HttpStatus.UNAUTHORIZED)
    void unauthorized() {
        // The status says it.
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
