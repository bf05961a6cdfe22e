package org.ccmessaging.filestream.routes.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A response of the store in memory, sent as it should be or as a fault says. */
final class StoreResponse {

    private final Socket connection;
    private final InputStream in;
    private final boolean withBody;
    private final String language;

    /** @param language what {@code Content-Language} must be, or {@code null} */
    StoreResponse(Socket connection, InputStream in, boolean withBody, String language) {
        this.connection = connection;
        this.in = in;
        this.withBody = withBody;
        this.language = language;
    }

    /** The response to a HEAD of a bucket. */
    void empty() throws IOException {
        head("200 OK", 0, "");
    }

    /** An error as S3 tells it. */
    void error(int status, String code) throws IOException {
        byte[] body = ("<Error><Code>" + code + "</Code></Error>").getBytes(StandardCharsets.UTF_8);
        head(status + " Error", body.length, "Content-Type: application/xml\r\n");
        write(body, 0, body.length);
    }

    /** @param fault how sending it breaks; {@code null} if it does not */
    void object(Store.Stored object, int from, Fault fault) throws IOException {
        int size = object.content().length;
        if (fault != null && fault.after() == 0) {
            end(fault);
            return;
        }
        head(from > 0 ? "206 Partial Content" : "200 OK", size - from, "ETag: " + object.tag() + "\r\n"
                + "Accept-Ranges: bytes\r\nContent-Type: application/octet-stream\r\n"
                + (from > 0 ? "Content-Range: bytes " + from + "-" + (size - 1) + "/" + size + "\r\n" : ""));
        write(object.content(), from, fault == null ? size : Math.min(size, fault.after()));
        if (fault != null) {
            end(fault);
        }
    }

    /** Breaks off as the fault says. */
    void end(Fault fault) throws IOException {
        if (fault.kind() == Fault.Kind.STALL) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        // A reset would take back the bytes that are under way.
        if (fault.kind() == Fault.Kind.RESET && fault.after() == 0) {
            connection.setSoLinger(true, 0);
        }
        connection.close();
    }

    private void head(String status, int length, String more) throws IOException {
        String head = "HTTP/1.1 " + status + "\r\nContent-Length: " + length + "\r\n"
                + "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n" + more
                + (language == null ? "" : "Content-Language: " + language + "\r\n") + "\r\n";
        connection.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void write(byte[] bytes, int from, int to) throws IOException {
        if (withBody && to > from) {
            connection.getOutputStream().write(bytes, from, to - from);
        }
    }
}
