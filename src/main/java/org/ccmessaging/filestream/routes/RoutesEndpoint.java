package org.ccmessaging.filestream.routes;

import java.time.Duration;
import java.util.Map;
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

/** Serves {@code /actuator/routes} on the management port. The console's login protects this path. */
@Component
@WebEndpoint(id = "routes")
@ConditionalOnBooleanProperty("hawtio.enabled")
record RoutesEndpoint(LiveRoutes live) {

    private static final Duration MIN_HOLD = Duration.ofSeconds(1);
    private static final Duration MAX_HOLD = Duration.ofSeconds(10);

    @ReadOperation
    public RoutesState state() {
        return live.state();
    }

    @WriteOperation
    public WebEndpointResponse<Attempt> reload() {
        return response(live.reloadNow(by(), null));
    }

    /**
     * Handles a POST with JSON. Spring Boot requires JSON for an operation with parameters, so {@link #reload()}
     * handles a POST without a body.
     *
     * @param hold maximum time for which the attempt holds new requests, from 1 s to 10 s
     */
    @WriteOperation
    public WebEndpointResponse<?> reloadAfterHold(Duration hold) {
        return hold.compareTo(MIN_HOLD) >= 0 && hold.compareTo(MAX_HOLD) <= 0 ? response(live.reloadNow(by(), hold))
                : new WebEndpointResponse<>(Map.of("error", "hold must be from " + MIN_HOLD + " to " + MAX_HOLD),
                        WebEndpointResponse.STATUS_BAD_REQUEST);
    }

    /** Handles POST {@code /actuator/routes/previous}. */
    @WriteOperation
    public WebEndpointResponse<Attempt> load(@Selector String set) {
        return set.equals("previous") ? response(live.previousNow(by()))
                : new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
    }

    private static String by() {
        // If the operations had a parameter for the user, Spring Boot would require a JSON body.
        return "user " + SecurityContextHolder.getContext().getAuthentication().getName();
    }

    private static WebEndpointResponse<Attempt> response(Attempt attempt) {
        boolean done = Set.of(ReloadOutcome.LOADED, ReloadOutcome.UNCHANGED).contains(attempt.outcome());
        return new WebEndpointResponse<>(attempt, done ? WebEndpointResponse.STATUS_OK : HttpStatus.CONFLICT.value());
    }
}
