package org.ccmessaging.filestream.reload;

import java.util.List;
import java.util.concurrent.Callable;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.Level;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.testing.Verdict;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Primary;

/**
 * Spares a test the process that checks and tries a set, which takes some seconds: the check runs in this one. {@link
 * TrialOfRoutesTest} has the process.
 */
@Primary
class Untried extends Trial {

    private final ApplicationContext application;

    /** What happens during a trial, and what comes of it. */
    volatile Callable<List<String>> trial = List::of;

    Untried(RoutesSettings settings, ApplicationContext application) {
        super(settings, application);
        this.application = application;
    }

    @Override
    Verdict run(RouteFiles files) {
        Report report = application.getBean(Check.class).run(files);
        if (report.hasErrors()) {
            return Verdict.bad("check", report.findings(Level.ERROR).stream().map(Report::line).toList());
        }
        try {
            List<String> errors = trial.call();
            return errors.isEmpty() ? Verdict.good(report.findings(Level.WARNING).stream().map(Report::line).toList())
                    : Verdict.bad("try", errors);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
