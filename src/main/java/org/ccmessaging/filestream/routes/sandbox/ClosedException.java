package org.ccmessaging.filestream.routes.sandbox;

/** A route names something that is not open to routes. Its message says what, and which setting opens it. */
public final class ClosedException extends IllegalArgumentException {

    /** What is closed. */
    public enum What {
        /** A component that {@code filestream.routes.components} does not list. */
        COMPONENT,
        /** A language that {@code filestream.routes.components} does not list. */
        LANGUAGE,
        /** A class that is none of {@link OpenClasses}. */
        CLASS,
        /** A secret, the environment, or what leads out of the exchange. */
        SETTING
    }

    private final What what;

    ClosedException(What what, String message) {
        super(message);
        this.what = what;
    }

    /** What is closed. */
    public What what() {
        return what;
    }
}
