package org.ccmessaging.filestream.routes.testing;

import java.util.concurrent.atomic.AtomicInteger;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Value;

/** How a step or the store fails, and how often. */
final class Fault {

    /** What the store does after the bytes that a fault lets pass. */
    enum Kind { RESET, STALL, TRUNCATE, STATUS }

    private static final int ALWAYS = Integer.MAX_VALUE;

    private final Value written;
    private final int after;
    private final AtomicInteger left;

    /** @throws IllegalArgumentException if a member is malformed */
    Fault(Value written) {
        this.written = written;
        this.after = written.get("after").isPresent() ? Content.bytes(written.get("after").text()) : 0;
        String times = written.get("times").text();
        this.left = new AtomicInteger(times.isEmpty() || times.equals("always") ? ALWAYS : Integer.parseInt(times));
    }

    Place place() {
        return written.place();
    }

    /** The short name of the exception that a step throws; empty if the store fails. */
    String exception() {
        return written.isScalar() ? written.text() : written.get("exception").text();
    }

    String message() {
        return written.get("message").text();
    }

    /** Whether the store fails and not the step. */
    boolean isOfStore() {
        return exception().isEmpty();
    }

    /** Whether it happens now; a fault that has happened often enough does not. */
    boolean happens() {
        return left.getAndUpdate(count -> count == ALWAYS ? count : Math.max(0, count - 1)) > 0;
    }

    Kind kind() {
        if (written.get("status").isPresent()) {
            return Kind.STATUS;
        }
        return written.get("stall").isTrue() ? Kind.STALL
                : written.get("truncate").isTrue() ? Kind.TRUNCATE : Kind.RESET;
    }

    /** How many bytes of the object arrive before, counted from its start. */
    int after() {
        return after;
    }

    /** Whether the object is another one from then on. */
    boolean changes() {
        return written.get("change").isTrue();
    }

    int status() {
        return written.get("status").isPresent() ? Integer.parseInt(written.get("status").text()) : 0;
    }

    /** The S3 error code of the status. */
    String code() {
        return written.get("code").isPresent() ? written.get("code").text() : switch (status()) {
            case 403 -> "AccessDenied";
            case 404 -> "NoSuchKey";
            case 503 -> "SlowDown";
            default -> "InternalError";
        };
    }
}
