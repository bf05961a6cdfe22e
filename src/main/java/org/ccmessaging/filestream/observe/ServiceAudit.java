package org.ccmessaging.filestream.observe;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Tells the audit log when the service starts and stops. */
@Component
class ServiceAudit {

    private final ApplicationContext service;
    private final String version;
    private volatile boolean started;

    ServiceAudit(ApplicationContext service, ObjectProvider<BuildProperties> build) {
        this.service = service;
        this.version = build.stream().map(BuildProperties::getVersion).findFirst().orElse(null);
    }

    @EventListener
    void onStart(ApplicationReadyEvent ready) {
        if (ready.getApplicationContext() == service) {
            started = true;
            AuditLog.write("service started", "version", version, "java", System.getProperty("java.version"));
        }
    }

    /** The management port has a context of its own, which ends as well. */
    @EventListener
    void onStop(ContextClosedEvent closed) {
        if (closed.getApplicationContext() == service && started) {
            AuditLog.write("service stops", "version", version);
        }
    }
}
