package org.ccmessaging.filestream.reload;

import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import org.ccmessaging.filestream.reload.Canary.Counted;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.routes.Serving;

/** Faults that live routes once had, each put back into the lives of an installation. */
enum Fault {

    CANARIES_FILL_THE_HISTORY("the history keeps the last ten generations, canaries too", seed -> new Simulation(seed) {

        @Override
        History history() {
            return new Disk() {

                @Override
                List<Served> last(List<Served> sorted) {
                    return sorted.stream().limit(LENGTH).toList();
                }
            };
        }
    }),

    START_SERVES_THE_FOLDER("a start gives the files in the folder to all sessions", seed -> {
        Simulation life = new Simulation(seed);
        life.resumes = false;
        return life;
    }),

    STOPPED_ROUTE_IS_OF_ONE_SIDE("a stopped route is stopped in one generation", seed -> new Simulation(seed) {

        @Override
        Serving serving(Random keys) {
            return new FakeServing(keys) {

                @Override
                protected void follow() {
                    // Each generation has its own state.
                }
            };
        }
    }),

    SOURCES_RUN_TWICE("the sources of a canary start with it", seed -> new Simulation(seed) {

        @Override
        Fake fake(int number, String text) {
            return new Fake(number, text) {

                @Override
                protected boolean isSource(String route) {
                    return false;
                }
            };
        }
    }),

    ONE_APP_DECIDES("the verdict counts sessions, whichever app they are of", seed -> new Simulation(seed) {

        @Override
        Counted facts(Counted download) {
            return new Counted(download.session(), download.isOnCanary(), "", "", download.file(), download.ending(),
                    download.cause(), download.waited(), download.took());
        }
    }),

    TIME_PROMOTES("a canary that is not proven harmful is promoted by time", seed -> new Simulation(seed) {

        @Override
        Canary comparison(Served served) {
            return new Canary(served, percent, WATCH, counted, () -> nanos, keysOfFiles) {

                @Override
                Verdict verdict() {
                    Verdict verdict = super.verdict();
                    return verdict.decision() == Decision.WATCH && secondsLeft() == 0
                            ? new Verdict(Decision.PROMOTE, "") : verdict;
                }
            };
        }
    });

    final String text;
    final LongFunction<Simulation> lives;

    Fault(String text, LongFunction<Simulation> lives) {
        this.text = text;
        this.lives = lives;
    }
}
