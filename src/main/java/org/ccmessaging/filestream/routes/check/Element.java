package org.ccmessaging.filestream.routes.check;

/**
 * Something at the top of a file that is neither a route nor a routeConfiguration: {@code beans}, {@code onException},
 * {@code intercept}, {@code errorHandler}, {@code rest}, {@code routeTemplate} and so on.
 *
 * @param file where it is
 * @param step it, read as if it were a step: name, place, fields, and the steps below {@code steps} as children
 */
public record Element(RouteFile file, Step step) {

    /** The name of its key in camel case. */
    public String name() {
        return step.name();
    }

    /** The place of its key. */
    public Place place() {
        return step.place();
    }

    /** What stands behind its key. */
    public Value value() {
        return step.value();
    }
}
