package org.ccmessaging.filestream.reload;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.ccmessaging.filestream.observe.RecentRequests;
import org.ccmessaging.filestream.routes.testing.Rehearsal;
import org.ccmessaging.filestream.routes.testing.RunSettings;
import org.springframework.context.annotation.Primary;

/** Tries nothing, because the process of a trial takes some seconds. {@link TrialOfRoutesTest} runs that process. */
@Primary
class Untried extends Trial {

    /** Runs during a trial and returns its errors. */
    volatile Callable<List<String>> trial = List::of;

    /** The rehearsal of the last set. */
    volatile Rehearsal rehearsal = Rehearsal.NONE;

    /** The name of the thread that ran the last trial, which is that of one service. */
    volatile String thread;

    Untried(RunSettings settings, RecentRequests requests) {
        super(settings, requests);
    }

    @Override
    Rehearsal rehearsal() {
        return rehearsal;
    }

    @Override
    Verdict run(FolderContent content, Consumer<String> progress) {
        thread = Thread.currentThread().getName();
        try {
            List<String> errors = trial.call();
            progress.accept("trying 1 of 1");
            return new Verdict(errors.isEmpty() ? null : "try", errors);
        } catch (CancellationException urgent) {
            throw urgent;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
