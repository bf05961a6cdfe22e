package org.ccmessaging.filestream.console;

import java.io.IOException;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.ObjectName;
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
 * Records in the audit log each Jolokia request that may change something, even if {@code jolokia-access.xml} forbids
 * the request. Refuses notifications, because Jolokia does not check them against that file.
 */
public final class JolokiaAudit extends AbstractRequestHandler {

    /** Names of operations that only read. The log omits their calls, which the console makes every few seconds. */
    private static final Pattern READING =
            Pattern.compile("(dump|browse|list|has|is|get|can|(component|language|dataFormat)Names|(route|processor)Ids"
                    + "|endpointStatistics)([A-Z(].*)?");

    /** @param order position among the handlers, from {@code META-INF/jolokia/services} */
    public JolokiaAudit(int order) {
        super("audit", order);
    }

    /** No setting of Jolokia may turn off the audit. */
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
            throw new SecurityException("The console does not support notifications");
        }
        RequestHandler next = getJolokiaContext().getServices(RequestHandler.class).stream()
                .filter(handler -> handler != this && handler.canHandle(request)).findFirst().orElseThrow();
        try {
            Object result = next.handleRequest(request, previous);
            write(request, "done", null);
            return result;
        } catch (IOException | JMException | RuntimeException | BadRequestException failed) {
            boolean forbidden = failed instanceof SecurityException;
            write(request, forbidden ? "forbidden" : "failed", forbidden ? null : failed.toString());
            throw failed;
        }
    }

    private static void write(JolokiaRequest request, String outcome, String reason) {
        Authentication user = SecurityContextHolder.getContext().getAuthentication();
        String operation = request instanceof JolokiaExecRequest exec ? exec.getOperation()
                : "set " + ((JolokiaWriteRequest) request).getAttributeName();
        ObjectName mbean = ((JolokiaObjectNameRequest) request).getObjectName();
        String name = mbean.getKeyProperty("name");
        AuditLog.write("console operation", "userName", ConsoleLogin.name(user), "address", ConsoleLogin.address(user),
                "operation", operation, "mbean", mbean.getDomain() + ":" + mbean.getKeyPropertyListString(), "routeId",
                name != null && "routes".equals(mbean.getKeyProperty("type")) ? name.replaceAll("^\"|\"$", "") : null,
                "outcome", outcome, "reason", reason);
    }
}
