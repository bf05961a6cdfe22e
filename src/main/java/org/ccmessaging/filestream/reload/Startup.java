package org.ccmessaging.filestream.reload;

import java.util.Optional;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.ShippedRoutes;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.Finding.Level;
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
 * @param checked whether the caller has checked them
 */
record Startup(Seams seams, ActiveRoutes routes, String label, RouteFiles first, boolean checked) {

    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

    private static final String START = "start";

    /** @throws InvalidRoutesException if neither set passes the check */
    void run(Check check, Worker worker) {
        Optional<Served> last = checked ? Optional.empty() : seams.history().active();
        boolean same = last.isPresent() && last.get().isOf(first);
        if (last.isPresent() && resumes(same ? last.get().labelled(label) : last.get(), same, check)) {
            if (!same) {
                worker.takeAtStart(Edit.of(first, START, label, seams.nanoTime().getAsLong()));
            }
        } else {
            require(first, check);
            routes.start(first, START, label, null, ActiveRoutes.ALL);
        }
        worker.turn();
    }

    /** @param only whether the folder has the same files, so that the start fails with them */
    private boolean resumes(Served last, boolean only, Check check) {
        try {
            require(last.in(seams.directory()), check);
            routes.resume(last);
            return true;
        } catch (InvalidRoutesException | RoutesNotStartedException failed) {
            if (only) {
                throw failed;
            }
            LOG.warn("Generation {}, which served last, cannot serve any more, so the service starts with the files in"
                    + " {}: {}", last.number(), seams.directory(), failed instanceof InvalidRoutesException invalid
                            ? String.join("\n", invalid.report().lines()) : failed.getMessage());
            return false;
        }
    }

    /** Checks files, except those that the build has checked, because nobody has edited them. */
    private void require(RouteFiles files, Check check) {
        if (checked) {
            check.accept(files);
        } else if (!ShippedRoutes.are(files)) {
            Report report = check.run(files);
            if (report.hasErrors()) {
                throw new InvalidRoutesException(report);
            }
            report.findings(Level.WARNING).stream().map(Report::line).forEach(LOG::warn);
        }
    }
}
