package org.ccmessaging.filestream.reload;

import java.util.List;
import java.util.concurrent.Callable;
import org.apache.camel.spi.PropertiesFunction;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/** The check, or what a test runs in its place. */
@Primary
class Checks extends Check {

    /** A report without findings. */
    static final Report GOOD = new Report(0, List.of());

    /** Runs in place of the check; {@code null}: the check runs. */
    volatile Callable<Report> instead;

    Checks(RouteLanguage language, Environment environment, RoutesSettings settings,
            List<PropertiesFunction> functions) {
        super(language, environment, settings, functions);
    }

    @Override
    public Report run(RouteFiles files) {
        try {
            if (instead == null) {
                return super.run(files);
            }
            Report report = instead.call();
            // The generation loads what a check has passed.
            accept(files);
            return report;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
