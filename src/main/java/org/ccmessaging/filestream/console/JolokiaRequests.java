package org.ccmessaging.filestream.console;

import java.util.EnumSet;
import java.util.Set;
import org.jolokia.server.core.request.JolokiaRequest;
import org.jolokia.server.core.service.api.JolokiaContext;
import org.jolokia.server.core.service.request.AbstractRequestHandler;
import org.jolokia.server.core.util.HttpMethod;
import org.jolokia.server.core.util.RequestType;

/**
 * Refuses kinds of Jolokia request that no edit of the policy can allow (decision 0020): an operation by GET, which a
 * link can send, and notifications, for which Jolokia does not ask the policy and each of which takes memory until its
 * client comes back. Jolokia asks the handlers in their order, so this one comes first, for each request of a bulk one
 * too. Jolokia finds this class through {@code META-INF/jolokia/services}.
 */
public final class JolokiaRequests extends AbstractRequestHandler {

    /** Kinds that change nothing. */
    static final Set<RequestType> READING =
            EnumSet.of(RequestType.READ, RequestType.LIST, RequestType.SEARCH, RequestType.VERSION);

    /** @param order place among the handlers; Jolokia reads it from the file that names this class */
    public JolokiaRequests(int order) {
        super("console", order);
    }

    /** Cannot be switched off by a setting of Jolokia. */
    @Override
    public boolean isEnabled(JolokiaContext context) {
        return true;
    }

    @Override
    public boolean canHandle(JolokiaRequest request) {
        boolean posted = request.getHttpMethod() == HttpMethod.POST;
        boolean changing = request.getType() == RequestType.EXEC || request.getType() == RequestType.WRITE;
        return !READING.contains(request.getType()) && !(changing && posted);
    }

    /** @throws SecurityException always: Jolokia's refusal, with status 403 */
    @Override
    public <R extends JolokiaRequest> Object handleRequest(R request, Object previous) {
        throw new SecurityException("The console does not take " + request.getType().getName() + " requests by "
                + request.getHttpMethod());
    }
}
