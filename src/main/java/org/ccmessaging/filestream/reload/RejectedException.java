package org.ccmessaging.filestream.reload;

import java.util.List;

/** A set of route files must not serve, or could not be started. */
final class RejectedException extends RuntimeException {

    private final String stage;
    private final transient List<String> errors;

    /**
     * @param stage as in {@link LiveRoutes.Rejection}
     * @param errors what is wrong, a line each; at least one
     */
    RejectedException(String stage, List<String> errors) {
        super(errors.get(0));
        this.stage = stage;
        this.errors = errors;
    }

    String stage() {
        return stage;
    }

    List<String> errors() {
        return errors;
    }
}
