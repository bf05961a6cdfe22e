package org.ccmessaging.filestream.routes.check;

import java.util.Optional;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.RuntimeCamelException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/**
 * Reports a start that failed because a route could not be started, which no check sees: a folder or a service that is
 * not there. Spring Boot finds this class through {@code META-INF/spring.factories}.
 */
public final class RoutesNotStarted implements FailureAnalyzer {

    @Override
    public FailureAnalysis analyze(Throwable failure) {
        Optional<Throwable> ofCamel = Causes.of(failure).filter(cause -> cause instanceof RuntimeCamelException
                || cause instanceof FailedToStartRouteException).findFirst();
        return ofCamel.map(cause -> new FailureAnalysis(text(failure),
                "Correct the route, or what it needs; the error of Camel above names more.", failure)).orElse(null);
    }

    /** Says in one line which route could not be started, and why. */
    public static String text(Throwable failure) {
        return Causes.of(failure).map(RoutesNotStarted::route).filter(id -> !id.isEmpty()).findFirst()
                .map(id -> "Route " + id).orElse("A route") + " cannot be started: " + Causes.rootText(failure);
    }

    private static String route(Throwable cause) {
        String id = cause instanceof FailedToStartRouteException starting ? starting.getRouteId()
                : cause instanceof FailedToCreateRouteException creating ? creating.getRouteId() : "";
        return id == null ? "" : id;
    }
}
