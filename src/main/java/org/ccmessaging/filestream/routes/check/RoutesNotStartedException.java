package org.ccmessaging.filestream.routes.check;

import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.ccmessaging.filestream.routes.RouteFiles;

/**
 * Routes could not be started, for a reason that no check sees: a folder or a service that is not there. The message
 * says in one line which route, where it is in the files, and why.
 */
public final class RoutesNotStartedException extends RuntimeException {

    private static final String NOT_STARTED = " cannot be started: ";

    /**
     * @param files what the routes are made of
     * @param failure what Camel said
     */
    public RoutesNotStartedException(RouteFiles files, Exception failure) {
        super(text(files, failure), failure);
    }

    private static String text(RouteFiles files, Exception failure) {
        String id = Failures.of(failure).map(RoutesNotStartedException::route).filter(found -> !found.isEmpty())
                .findFirst().orElse("");
        // Camel's exception says the route again before why.
        String why = Failures.text(failure).replace("Failed to start route: " + id + " because: ", "");
        return RouteSet.read(files, key -> null, new Findings()).route(id)
                .map(route -> route.uri().place() + "  " + route.label())
                .orElse(id.isEmpty() ? "A route" : "Route " + id) + NOT_STARTED + why;
    }

    private static String route(Throwable cause) {
        String id = cause instanceof FailedToStartRouteException starting ? starting.getRouteId()
                : cause instanceof FailedToCreateRouteException creating ? creating.getRouteId() : "";
        return id == null ? "" : id;
    }
}
