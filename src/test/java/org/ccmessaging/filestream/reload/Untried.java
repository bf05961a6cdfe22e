package org.ccmessaging.filestream.reload;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.ccmessaging.filestream.routes.testing.Verdict;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Primary;

/** Tries nothing, because the process of a trial takes some seconds. {@link TrialOfRoutesTest} runs that process. */
@Primary
class Untried extends Trial {

    /** Runs during a trial and returns its errors. */
    volatile Callable<List<String>> trial = List::of;

    /** The name of the thread that ran the last trial, which is that of one service. */
    volatile String thread;

    Untried(RoutesSettings settings, ApplicationContext application) {
        super(settings, application);
    }

    @Override
    Verdict run(FolderContent content, Consumer<String> progress) {
        thread = Thread.currentThread().getName();
        try {
            List<String> errors = trial.call();
            progress.accept("trying 1 of 1");
            return errors.isEmpty() ? Verdict.good(List.of(), content.routes().sha256()) : Verdict.bad("try", errors);
        } catch (CancellationException urgent) {
            throw urgent;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
