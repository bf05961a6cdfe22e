package org.ccmessaging.filestream.reload;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.ccmessaging.filestream.observe.RecentRequests;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.testing.Rehearsal;
import org.ccmessaging.filestream.routes.testing.RunSettings;
import org.springframework.context.annotation.Primary;

/** Tries nothing, because the process of a trial takes some seconds. {@link TrialOfRoutesTest} runs that process. */
@Primary
class Untried extends Trial {

    /** Runs during a trial and returns its errors. */
    volatile Callable<List<String>> trial = List::of;

    /** The rehearsal of each set. */
    volatile Rehearsal rehearsal = Rehearsal.NONE;

    /** The name of the thread that ran the last trial, which is that of one service. */
    volatile String thread;

    Untried(RunSettings settings, RecentRequests requests) {
        super(settings, requests);
    }

    @Override
    Verdict run(FolderContent content, RouteFiles active, boolean accepted, Consumer<String> progress) {
        thread = Thread.currentThread().getName();
        try {
            List<String> errors = trial.call();
            progress.accept("trying 1 of 1");
            return new Verdict(errors.isEmpty() ? null : "try", errors, List.of(), rehearsal);
        } catch (CancellationException urgent) {
            throw urgent;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
