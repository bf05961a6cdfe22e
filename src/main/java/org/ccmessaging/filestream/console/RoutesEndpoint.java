package org.ccmessaging.filestream.console;

import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.observe.AuditLog;
import org.ccmessaging.filestream.observe.RecentRequests.Kept;
import org.ccmessaging.filestream.observe.RecentRequests;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.reload.LiveRoutes;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Serves {@code /actuator/routes} on the management port: the state of the routes, and operations on them. It exists
 * only with a console, behind its login. The response to a set that is rejected, not tried or superseded is a 409 with
 * the outcome of the operation.
 */
@Component
@WebEndpoint(id = "routes")
@ConditionalOnBooleanProperty("hawtio.enabled")
record RoutesEndpoint(LiveRoutes live, RecentRequests recent) {

    /** GET {@code /actuator/routes}. */
    @ReadOperation
    public Status status() {
        return live.status();
    }

    /**
     * GET {@code /actuator/routes/3}, a generation with the texts of its files, or {@code /requests}, the last requests
     * of customers and the texts of the active files.
     */
    @ReadOperation
    public WebEndpointResponse<Object> part(@Selector(match = Match.ALL_REMAINING) String... path) {
        if (List.of(path).equals(List.of("requests"))) {
            return new WebEndpointResponse<>(requests());
        }
        try {
            return new WebEndpointResponse<>(live.status().generation(String.join("/", path)));
        } catch (IllegalArgumentException unknown) {
            return notFound(unknown.getMessage());
        }
    }

    /** Returns what a rehearsal of an edit needs. Each reading is a line of the audit log, since it names files. */
    private Kept requests() {
        Served serving = live.status().serving();
        Kept kept = new Kept(serving.number(), serving.files(), recent.list());
        AuditLog.write("routes requests read", "by", by(), "generation", Integer.toString(serving.number()), "requests",
                Integer.toString(kept.requests().size()));
        return kept;
    }

    /** POST {@code /check}, {@code /reload}, {@code /reload/accept}, {@code /promote} or {@code /rollback/3}. */
    @WriteOperation
    public WebEndpointResponse<Object> run(@Selector(match = Match.ALL_REMAINING) String... path) {
        String operation = String.join("/", path);
        return switch (operation) {
            case "check" -> response(live.check(by()));
            case "reload" -> response(live.reload(by()));
            case "reload/accept" -> response(live.reload(by(), true));
            case "promote" -> response(live.promote(by()));
            default -> path.length == 2 && path[0].equals("rollback") ? rollback(path[1]) : notFound("no operation "
                    + operation + "; the operations: check, reload, promote, rollback/<number>");
        };
    }

    private WebEndpointResponse<Object> rollback(String number) {
        try {
            return response(live.rollback(live.status().generation(number).number(), by()));
        } catch (IllegalArgumentException unknown) {
            AuditLog.write("routes rollback failed", "by", by(), "reason", "there is no generation " + number);
            return notFound(unknown.getMessage());
        }
    }

    /** Returns who sent the request. Any client may call itself a command, which permits nothing more. */
    private static String by() {
        boolean command = RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request
                && LiveRoutes.COMMAND.equals(request.getRequest().getHeader(HttpHeaders.USER_AGENT));
        return ConsoleUser.current(command ? "command" : "console");
    }

    private static WebEndpointResponse<Object> response(Attempt attempt) {
        return new WebEndpointResponse<>(attempt, attempt.outcome().isFailure() ? HttpStatus.CONFLICT.value()
                : WebEndpointResponse.STATUS_OK);
    }

    private static WebEndpointResponse<Object> notFound(String error) {
        return new WebEndpointResponse<>(Map.of("status", WebEndpointResponse.STATUS_NOT_FOUND, "error", error),
                WebEndpointResponse.STATUS_NOT_FOUND);
    }
}
