package org.ccmessaging.filestream.routes.check;

import org.apache.camel.RuntimeCamelException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Reports a start that failed because a route could not be started, or Camel itself. Spring Boot finds this class
 * through {@code META-INF/spring.factories}.
 */
public final class RoutesNotStarted extends AbstractFailureAnalyzer<RuntimeCamelException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, RuntimeCamelException cause) {
        return cause instanceof RoutesNotStartedException
                ? new FailureAnalysis(cause.getMessage(), "Correct the route, or give it what it needs.", failure)
                : new FailureAnalysis("Camel cannot be started: " + Failures.text(cause),
                        "Correct the settings below camel in config/application.yaml.", failure);
    }
}
