package org.ccmessaging.filestream.routes;

import java.util.Set;
import org.ccmessaging.filestream.routes.RoutesState.Attempt;
import org.ccmessaging.filestream.routes.RoutesState.ReloadOutcome;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/**
 * Serves {@code /actuator/routes} on the management port: the state of the routes, and their reload. The endpoint
 * exists only if the console is on, and needs the login of the console.
 */
@Component
@WebEndpoint(id = "routes")
@ConditionalOnBooleanProperty("hawtio.enabled")
record RoutesEndpoint(LiveRoutes live) {

    /** GET {@code /actuator/routes}. */
    @ReadOperation
    public RoutesState state() {
        return live.state();
    }

    /** POST {@code /actuator/routes}: loads the files of the folder now. */
    @WriteOperation
    public WebEndpointResponse<Attempt> reload() {
        return response(live.reloadNow(by()));
    }

    /** POST {@code /actuator/routes/previous}: loads the previously active routes. */
    @WriteOperation
    public WebEndpointResponse<Attempt> load(@Selector String set) {
        return set.equals("previous") ? response(live.previousNow(by()))
                : new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
    }

    private static String by() {
        // If the operations had the user as a Java parameter, Spring Boot would require a JSON body.
        return "user " + SecurityContextHolder.getContext().getAuthentication().getName();
    }

    private static WebEndpointResponse<Attempt> response(Attempt attempt) {
        boolean done = Set.of(ReloadOutcome.LOADED, ReloadOutcome.UNCHANGED).contains(attempt.outcome());
        return new WebEndpointResponse<>(attempt, done ? WebEndpointResponse.STATUS_OK : HttpStatus.CONFLICT.value());
    }
}
