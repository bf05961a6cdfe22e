package org.ccmessaging.filestream.console;

import java.io.IOException;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import org.ccmessaging.filestream.observe.AuditLog;
import org.jolokia.server.core.request.BadRequestException;
import org.jolokia.server.core.request.EmptyResponseException;
import org.jolokia.server.core.request.JolokiaExecRequest;
import org.jolokia.server.core.request.JolokiaNotificationRequest;
import org.jolokia.server.core.request.JolokiaObjectNameRequest;
import org.jolokia.server.core.request.JolokiaRequest;
import org.jolokia.server.core.request.JolokiaWriteRequest;
import org.jolokia.server.core.request.NotChangedException;
import org.jolokia.server.core.service.api.JolokiaContext;
import org.jolokia.server.core.service.request.AbstractRequestHandler;
import org.jolokia.server.core.service.request.RequestHandler;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Records in the audit log each operation through Jolokia that changes something, and each that was refused: who, what,
 * on which route, with which outcome. It comes before the handlers that do it, and calls them. It refuses
 * notifications: Jolokia does not ask the policy for them, and each takes memory until its client comes back. Jolokia
 * finds this class through {@code META-INF/jolokia/services}, and calls it for each request of a bulk one.
 */
public final class JolokiaAudit extends AbstractRequestHandler {

    /** Operations that only read, of which the console's pages call some every few seconds. */
    private static final Pattern READING =
            Pattern.compile("(dump|browse|list|has|is|get|can|(component|language|dataFormat)Names|(route|processor)Ids"
                    + "|endpointStatistics)([A-Z(].*)?");

    private JolokiaContext context;

    /** @param order place among the handlers; Jolokia reads it from the file that names this class */
    public JolokiaAudit(int order) {
        super("audit", order);
    }

    @Override
    public void init(JolokiaContext jolokia) {
        context = jolokia;
    }

    /** Cannot be switched off by a setting of Jolokia. */
    @Override
    public boolean isEnabled(JolokiaContext jolokia) {
        return true;
    }

    @Override
    public boolean canHandle(JolokiaRequest request) {
        return request instanceof JolokiaNotificationRequest || request instanceof JolokiaWriteRequest
                || request instanceof JolokiaExecRequest exec && !READING.matcher(exec.getOperation()).matches();
    }

    @Override
    public <R extends JolokiaRequest> Object handleRequest(R request, Object previous) throws IOException, JMException,
            JMRuntimeException, NotChangedException, BadRequestException, EmptyResponseException {
        if (request instanceof JolokiaNotificationRequest) {
            throw new SecurityException("The console takes no notification requests");
        }
        try {
            Object result = next(request).handleRequest(request, previous);
            write(request, "done", null);
            return result;
        } catch (SecurityException forbidden) {
            write(request, "forbidden", null);
            throw forbidden;
        } catch (IOException | JMException | RuntimeException | BadRequestException failed) {
            write(request, "failed", failed.toString());
            throw failed;
        }
    }

    /** The handler that would handle the request if this one were not there. */
    private RequestHandler next(JolokiaRequest request) {
        return context.getServices(RequestHandler.class).stream()
                .filter(handler -> handler != this && handler.canHandle(request)).findFirst().orElseThrow();
    }

    private static void write(JolokiaRequest request, String outcome, String reason) {
        Authentication user = SecurityContextHolder.getContext().getAuthentication();
        JolokiaObjectNameRequest on = (JolokiaObjectNameRequest) request;
        String operation = request instanceof JolokiaExecRequest exec ? exec.getOperation()
                : "set " + ((JolokiaWriteRequest) request).getAttributeName();
        AuditLog.write("console operation", "userName", user == null ? null : ConsoleUser.name(user),
                "address", ConsoleAudit.address(user), "operation", operation, "mbean",
                on.getObjectName().getDomain() + ":" + on.getObjectName().getKeyPropertyListString(),
                "routeId", routeId(on), "outcome", outcome, "reason", reason);
    }

    /** @return {@code null} if the operation is not one of a route */
    private static String routeId(JolokiaObjectNameRequest request) {
        String name = request.getObjectName().getKeyProperty("name");
        return name != null && "routes".equals(request.getObjectName().getKeyProperty("type"))
                ? name.replaceAll("^\"|\"$", "") : null;
    }
}
