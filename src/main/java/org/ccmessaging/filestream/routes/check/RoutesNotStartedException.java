package org.ccmessaging.filestream.routes.check;

import java.util.Objects;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.util.ObjectHelper;
import org.ccmessaging.filestream.routes.RouteFiles;

/**
 * Routes could not be started, for a reason that no check sees: a folder or a service that is not there. The message
 * says in one line which route, where it is in the files, and why.
 */
public final class RoutesNotStartedException extends RuntimeCamelException {

    /**
     * @param files what the routes are made of
     * @param failure what Camel said
     */
    public RoutesNotStartedException(RouteFiles files, Exception failure) {
        super(text(files, failure), failure);
    }

    private static String text(RouteFiles files, Exception failure) {
        FailedToStartRouteException starting = ObjectHelper.getException(FailedToStartRouteException.class, failure);
        FailedToCreateRouteException creating = ObjectHelper.getException(FailedToCreateRouteException.class, failure);
        String id = Objects.requireNonNullElse(starting != null ? starting.getRouteId()
                : creating != null ? creating.getRouteId() : null, "");
        // Camel's exception says the route again before why.
        String why = Failures.text(failure).replace("Failed to start route: " + id + " because: ", "");
        return RouteSet.read(files, key -> null, new Findings()).route(id)
                .map(route -> route.uri().place() + "  " + route.label())
                .orElse(id.isEmpty() ? "A route" : "Route " + id) + " cannot be started: " + why;
    }
}
