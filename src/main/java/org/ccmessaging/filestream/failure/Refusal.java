package org.ccmessaging.filestream.failure;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.apache.camel.util.ObjectHelper;

/** Reasons why the service refuses a download with status 429 or 503. */
public enum Refusal {

    DRAINING("the service starts or stops"),
    SESSION_LIMIT("the session holds filestream.download.max-in-flight-per-session permits"),
    TENANT_LIMIT("the tenant holds filestream.download.max-in-flight-per-tenant permits"),
    BUSY("all filestream.download.max-in-flight permits are taken"),
    TENANT_SHARE("the free permits are for tenants that hold less than a quarter of all"),
    STOPPED("a route of the request is stopped"),
    THROTTLE("a step throttle of a route rejects"),
    ROUTE("a step or clause of a route refuses");

    private static final Set<Integer> STATUSES = Set.of(429, 503);

    private final String explanation;

    Refusal(String explanation) {
        this.explanation = explanation;
    }

    /** Returns the value of metric tag {@code reason}, such as {@code session-limit}. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String reason() {
        return tag() + ": " + explanation;
    }

    /** Returns the exception for this reason. */
    public ServiceBusyException failure() {
        return Set.of(SESSION_LIMIT, TENANT_LIMIT, TENANT_SHARE).contains(this) ? new TooManyRequestsException(this)
                : new ServiceBusyException(this);
    }

    /**
     * Returns why the service refused a download; {@code null} if the service did not refuse it. Checks failure and
     * status, because an edited {@code onException} clause may change the status of a refusal, or set 429 or 503 for
     * another failure.
     *
     * @param failure {@code null} if nothing failed
     */
    public static Refusal of(Throwable failure, int status) {
        ServiceBusyException busy = ObjectHelper.getException(ServiceBusyException.class, failure);
        return busy != null ? busy.refusal()
                : failure instanceof DirectConsumerNotAvailableException ? STOPPED
                : ObjectHelper.getException(ThrottlerRejectedExecutionException.class, failure) != null ? THROTTLE
                : STATUSES.contains(status) ? ROUTE : null;
    }
}
