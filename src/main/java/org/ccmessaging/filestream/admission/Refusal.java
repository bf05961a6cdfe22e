package org.ccmessaging.filestream.admission;

import java.util.Locale;

/** Why a download gets no permit. Metric and log line name it by {@link #tag}. */
enum Refusal {

    /** The service is about to stop. */
    DRAINING("the service is about to stop"),

    /** The session holds as many permits as one session may. */
    SESSION_LIMIT("the session holds filestream.download.max-in-flight-per-session permits"),

    /** The tenant holds as many permits as one tenant may. */
    TENANT_LIMIT("the tenant holds filestream.download.max-in-flight-per-tenant permits"),

    /** No permit is free. */
    BUSY("all filestream.download.max-in-flight permits are taken"),

    /** The free permits are kept for other tenants. */
    TENANT_SHARE("the free permits are for tenants that hold less than a quarter of all"),

    /** The tenant sent more requests than its rate allows. */
    TENANT_REQUESTS("the tenant is above filestream.download.rate.tenant-requests"),

    /** The tenant read more bytes than its rate allows. */
    TENANT_BYTES("the tenant is above filestream.download.rate.tenant-bytes"),

    /** The app sent more requests than its rate allows. */
    APP_REQUESTS("the app is above filestream.download.rate.app-requests"),

    /** The app's sessions read more bytes than its rate allows. */
    APP_BYTES("the app is above filestream.download.rate.app-bytes");

    private final String explanation;

    Refusal(String explanation) {
        this.explanation = explanation;
    }

    /** The value of tag {@code reason}, such as {@code session-limit}. */
    String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What the log says. */
    String reason() {
        return tag() + ": " + explanation;
    }
}
