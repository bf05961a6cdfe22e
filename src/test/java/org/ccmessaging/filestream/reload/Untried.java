package org.ccmessaging.filestream.reload;

import java.util.List;
import java.util.concurrent.Callable;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.boot.ApplicationArguments;
import org.springframework.context.annotation.Primary;

/** Spares a test the process that tries a set, which takes some seconds. {@link TrialOfRoutesTest} has it. */
@Primary
class Untried extends Trial {

    /** What happens during a trial, and what comes of it. */
    volatile Callable<List<String>> trial = List::of;

    Untried(RoutesSettings settings, ApplicationArguments service) {
        super(settings, service);
    }

    @Override
    List<String> run(RouteFiles files) {
        try {
            return trial.call();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
