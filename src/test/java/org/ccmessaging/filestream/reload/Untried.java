package org.ccmessaging.filestream.reload;

import java.util.List;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.boot.ApplicationArguments;
import org.springframework.context.annotation.Primary;

/** Spares a test the process that tries a set, which takes some seconds. {@link TrialOfRoutesTest} has it. */
@Primary
class Untried extends Trial {

    Untried(RoutesSettings settings, ApplicationArguments service) {
        super(settings, service);
    }

    @Override
    List<String> run(RouteFiles files) {
        return List.of();
    }
}
