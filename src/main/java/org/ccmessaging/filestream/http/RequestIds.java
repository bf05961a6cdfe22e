package org.ccmessaging.filestream.http;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.slf4j.MDC;

/**
 * Gives every request its {@link RequestId}: the client's, or one that it makes (contract section 7). It is the first
 * valve, so the responses to requests that no route sees carry the ID, and all lines that the log has of the request.
 */
final class RequestIds extends ValveBase {

    /** Characters of the longest ID. */
    private static final int LONGEST = 64;

    /** Bytes of an ID that this class makes. Two requests never share it. */
    private static final int RANDOM_BYTES = 16;

    /**
     * From this generator nobody learns how many requests there were, or the nonces of requests to the store. It costs
     * a third of a microsecond an ID.
     */
    private final SecureRandom random = new SecureRandom();

    RequestIds() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        String clients = HttpHeaders.single(request, RequestId.HEADER);
        String id = clients != null && isValid(clients) ? clients : made();
        request.setAttribute(RequestId.PROPERTY, id);
        response.setHeader(RequestId.HEADER, id);
        MDC.put(RequestId.FIELD, id);
        try {
            getNext().invoke(request, response);
        } finally {
            MDC.remove(RequestId.FIELD);
        }
    }

    private static boolean isValid(String id) {
        if (id.isEmpty() || id.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char each = id.charAt(i);
            boolean letter = each >= 'a' && each <= 'z' || each >= 'A' && each <= 'Z';
            boolean digit = each >= '0' && each <= '9';
            if (!letter && !digit && each != '.' && each != '_' && each != '-') {
                return false;
            }
        }
        return true;
    }

    private String made() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
