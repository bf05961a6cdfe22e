package org.ccmessaging.filestream.reload;

import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Level;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.ShippedRoutes;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Checks the routes before the service opens a port, and starts them as generation 1 afterwards. Routes that nobody has
 * edited pass at once, because the build has checked them.
 */
@Component
class FirstGeneration implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(FirstGeneration.class);

    private final ApplicationContext application;
    private final RouteFiles files;
    private final ObjectProvider<Check> check;
    private final Reload reload;

    FirstGeneration(ApplicationContext application, RoutesSettings settings, ObjectProvider<Check> check,
            Reload reload) {
        this.application = application;
        this.files = RouteFiles.read(settings.directory());
        this.check = check;
        this.reload = reload;
    }

    /** Returns the files at startup. */
    RouteFiles files() {
        return files;
    }

    /** @throws InvalidRoutesException if the routes have errors */
    @Override
    public void afterSingletonsInstantiated() {
        if (ShippedRoutes.are(files)) {
            return;
        }
        // A trial limits the time between these two, and reports what the check has found.
        application.publishEvent(files);
        Report report = check.getObject().run(files);
        application.publishEvent(report);
        if (report.hasErrors()) {
            throw new InvalidRoutesException(report);
        }
        report.findings(Level.WARNING).stream().map(Report::line).forEach(LOG::warn);
    }

    /** The management port has a context of its own, which tells of itself here too. */
    @EventListener
    void start(ContextRefreshedEvent ready) {
        if (ready.getApplicationContext() == application) {
            reload.start(files);
        }
    }
}
