package org.ccmessaging.filestream.reload;

import java.util.Optional;
import java.util.function.Function;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the routes of a start: the last promoted set of the history, and without one the files in the folder. Files
 * in the folder that differ from the last promoted set are an edit, whatever their author or deployer changed.
 *
 * @param first the files in the folder
 * @param resumes whether the history counts
 * @param check returns the report of files
 */
record Startup(Seams seams, ActiveRoutes routes, String label, RouteFiles first, boolean resumes,
        Function<RouteFiles, Report> check) {

    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

    private static final String START = "start";

    /** @throws InvalidRoutesException if neither set passes the check */
    void run(Worker worker) {
        Optional<Served> last = resumes ? seams.history().active() : Optional.empty();
        boolean same = last.isPresent() && last.get().isOf(first);
        boolean resumed = last.isPresent() && resumes(last.get(), same);
        if (!resumed) {
            require(first);
            routes.start(first, START, label, null, ActiveRoutes.ALL);
        }
        worker.turn();
        if (resumed && !same) {
            // Last, because the thread of the worker begins with it.
            worker.takeAtStart(first, START, label);
        }
    }

    /** @param same whether the folder has the same files, so that the start fails with them */
    private boolean resumes(Served last, boolean same) {
        try {
            require(last.in(seams.directory()));
            routes.resume(same ? last.labelled(label) : last);
            return true;
        } catch (InvalidRoutesException | RoutesNotStartedException failed) {
            if (same) {
                throw failed;
            }
            LOG.warn("Generation {}, which served last, cannot serve any more, so the service starts with the files in"
                    + " {}: {}", last.number(), seams.directory(), failed instanceof InvalidRoutesException invalid
                            ? String.join("\n", invalid.report().lines()) : failed.getMessage());
            return false;
        }
    }

    private void require(RouteFiles files) {
        Report report = check.apply(files);
        if (report.hasErrors()) {
            throw new InvalidRoutesException(report);
        }
        Journal.warnings(report).forEach(LOG::warn);
    }
}
