package org.ccmessaging.filestream.routes.testing;

import java.util.concurrent.atomic.AtomicInteger;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Value;

/**
 * A failure of a step or of the store.
 *
 * @param place its place in the file
 * @param exception the short name of the exception that a step throws; empty if the store fails
 * @param message the message of that exception
 * @param kind the way in which the store fails
 * @param after bytes of the object that arrive before, counted from its start
 * @param changes whether the object is another one from then on
 * @param status the status of the store's response; 0 for none
 * @param code the S3 error code of that response
 * @param left how often it still happens
 */
record Fault(Place place, String exception, String message, Kind kind, int after, boolean changes, int status,
        String code, AtomicInteger left) {

    /** Ways in which the store fails, after the bytes that a fault lets pass. */
    enum Kind { RESET, STALL, TRUNCATE, STATUS }

    private static final int ALWAYS = Integer.MAX_VALUE;

    /** @throws IllegalArgumentException if a member is malformed */
    static Fault of(Value written) {
        String status = written.get("status").text();
        Kind kind = !status.isEmpty() ? Kind.STATUS : written.get("stall").isTrue() ? Kind.STALL
                : written.get("truncate").isTrue() ? Kind.TRUNCATE : Kind.RESET;
        String code = written.get("code").isPresent() ? written.get("code").text() : switch (status) {
            case "403" -> "AccessDenied";
            case "404" -> "NoSuchKey";
            case "503" -> "SlowDown";
            default -> "InternalError";
        };
        String times = written.get("times").text();
        return new Fault(written.place(), written.isScalar() ? written.text() : written.get("exception").text(),
                written.get("message").text(), kind,
                written.get("after").isPresent() ? TestCase.size(written.get("after")) : 0,
                written.get("change").isTrue(), status.isEmpty() ? 0 : Integer.parseInt(status), code,
                new AtomicInteger(times.isEmpty() || times.equals("always") ? ALWAYS : Integer.parseInt(times)));
    }

    /** Returns whether the store fails and not the step. */
    boolean isOfStore() {
        return exception.isEmpty();
    }

    /** Returns whether it happens now, and counts. */
    boolean happens() {
        return left.getAndUpdate(count -> count == ALWAYS ? count : Math.max(0, count - 1)) > 0;
    }
}
