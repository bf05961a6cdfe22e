package org.ccmessaging.filestream.routes.check;

import java.util.Objects;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.util.ObjectHelper;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Routes could not be started, for a reason that no check sees, such as a missing folder or service. The message names
 * the route, its place in the files, and the reason in one line.
 */
public final class RoutesNotStartedException extends RuntimeCamelException {

    /** @param failure the exception of Camel */
    public RoutesNotStartedException(RouteFiles files, Exception failure) {
        super(Finding.shown(text(files, failure)), failure);
    }

    private static String text(RouteFiles files, Exception failure) {
        FailedToStartRouteException starting = ObjectHelper.getException(FailedToStartRouteException.class, failure);
        FailedToCreateRouteException creating = ObjectHelper.getException(FailedToCreateRouteException.class, failure);
        String id = Objects.requireNonNullElse(starting != null ? starting.getRouteId()
                : creating != null ? creating.getRouteId() : null, "");
        // Camel's message repeats the route before the reason.
        String why = CamelMessages.text(failure).replace("Failed to start route: " + id + " because: ", "");
        return RouteSet.read(files, RouteLanguage.ofProduct(), key -> null, new Findings()).route(id)
                .map(route -> route.endpoint().place() + "  " + route.label())
                .orElse(id.isEmpty() ? "A route" : "Route " + id) + " cannot be started: " + why;
    }

    /** Reports to the operator that a route or Camel could not be started ({@code META-INF/spring.factories}). */
    static final class Analyzer extends AbstractFailureAnalyzer<RuntimeCamelException> {

        @Override
        protected FailureAnalysis analyze(Throwable failure, RuntimeCamelException cause) {
            return cause instanceof RoutesNotStartedException
                    ? new FailureAnalysis(cause.getMessage(), "Correct the route, or give it what it needs.", failure)
                    : new FailureAnalysis("Camel cannot be started: " + CamelMessages.text(cause),
                            "Correct the settings below camel in config/application.yaml.", failure);
        }
    }
}
