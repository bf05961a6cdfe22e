package org.ccmessaging.filestream.admission;

import java.util.Locale;

/** Reasons why a download gets no permit. Metric and log line name them by {@link #tag}. */
enum Refusal {

    DRAINING("the service starts or stops"),
    SESSION_LIMIT("the session holds filestream.download.max-in-flight-per-session permits"),
    TENANT_LIMIT("the tenant holds filestream.download.max-in-flight-per-tenant permits"),
    BUSY("all filestream.download.max-in-flight permits are taken"),
    TENANT_SHARE("the free permits are for tenants that hold less than a quarter of all"),
    TENANT_REQUESTS("the tenant is above filestream.download.rate.tenant-requests"),
    TENANT_BYTES("the tenant is above filestream.download.rate.tenant-bytes"),
    APP_REQUESTS("the app is above filestream.download.rate.app-requests"),
    APP_BYTES("the app is above filestream.download.rate.app-bytes");

    private final String explanation;

    Refusal(String explanation) {
        this.explanation = explanation;
    }

    /** Returns the value of tag {@code reason}, such as {@code session-limit}. */
    String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the text for the log. */
    String reason() {
        return tag() + ": " + explanation;
    }
}
