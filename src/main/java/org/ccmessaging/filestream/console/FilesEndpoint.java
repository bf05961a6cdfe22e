package org.ccmessaging.filestream.console;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.console.Failures.Failed;
import org.ccmessaging.filestream.observe.Ending;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.stereotype.Component;

/**
 * Serves {@code /actuator/files} on the management port: what the console's page <i>Files</i> shows. It exists only
 * with a console, behind its login, and only if the health is exposed, which it shows.
 */
@Component
@WebEndpoint(id = "files")
@ConditionalOnBooleanProperty("hawtio.enabled")
@ConditionalOnAvailableEndpoint(HealthEndpoint.class)
record FilesEndpoint(HealthEndpoint health, Failures failures) {

    /**
     * @param at time of the service
     * @param health of all parts, with their details; component {@code routes} is the state of the routes
     * @param failures the last failures by their ending, the newest first
     */
    record View(Instant at, HealthDescriptor health, Map<Ending, List<Failed>> failures) {
    }

    /** GET {@code /actuator/files}. The status is 200 whatever the health is, so that a browser logs no error. */
    @ReadOperation
    public View view() {
        return new View(Instant.now(), health.health(), failures.newestFirst());
    }
}
