package org.ccmessaging.filestream.routes.check;

import org.ccmessaging.filestream.settings.RoutesSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/**
 * Checks the routes before the service opens a port and before Camel reads them. Routes that nobody has edited pass at
 * once, because the build has checked them. Commands, which are no web application, check what they are told to.
 */
@Component
@ConditionalOnWebApplication
final class CheckAtStart implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(CheckAtStart.class);

    private final RoutesSettings settings;
    private final ObjectProvider<Check> check;

    CheckAtStart(RoutesSettings settings, ObjectProvider<Check> check) {
        this.settings = settings;
        this.check = check;
    }

    /** @throws InvalidRoutesException if the routes have errors */
    @Override
    public void afterSingletonsInstantiated() {
        if (ShippedRoutes.are(settings.directory())) {
            return;
        }
        Report report = check.getObject().run(settings.directory());
        if (report.hasErrors()) {
            throw new InvalidRoutesException(report);
        }
        report.findings(Level.WARNING).stream().map(Report::line).forEach(LOG::warn);
    }
}
