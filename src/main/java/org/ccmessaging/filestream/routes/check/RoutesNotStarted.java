package org.ccmessaging.filestream.routes.check;

import java.util.Optional;
import org.apache.camel.RuntimeCamelException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/**
 * Reports a start that failed because a route could not be started, or Camel itself. Spring Boot finds this class
 * through {@code META-INF/spring.factories}.
 */
public final class RoutesNotStarted implements FailureAnalyzer {

    @Override
    public FailureAnalysis analyze(Throwable failure) {
        Optional<Throwable> route = Failures.of(failure).filter(RoutesNotStartedException.class::isInstance)
                .findFirst();
        if (route.isPresent()) {
            return new FailureAnalysis(route.get().getMessage(), "Correct the route, or give it what it needs.",
                    failure);
        }
        return Failures.of(failure).anyMatch(RuntimeCamelException.class::isInstance)
                ? new FailureAnalysis("Camel cannot be started: " + Failures.text(failure),
                        "Correct the settings below camel in config/application.yaml.", failure) : null;
    }
}
