package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.ccmessaging.filestream.routes.Serving.Entered;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which generation gets a request, and which routes are started in each. The generations have no Camel. */
class ServingTest {

    private static final int SESSIONS = 2_000;

    /** What the generations did, in its order. */
    private final List<String> events = new ArrayList<>();
    private final Map<Integer, Fake> generations = new HashMap<>();
    private final Set<Integer> faulty = new HashSet<>();
    private final Serving serving = serving(1);

    private Serving serving(long seed) {
        return new Serving(null, new Random(seed)) {

            @Override
            protected Generation start(int number, RouteFiles files) {
                generations.put(number, new Fake(number));
                return generations.get(number);
            }

            @Override
            protected void activated(Generation active) {
                events.add(active.number() + " active");
            }
        };
    }

    /** A generation with routes {@code a} and {@code b}, which requests call, and {@code tick}, the source. */
    private final class Fake extends Generation {

        private final Map<String, Boolean> started = new HashMap<>(Map.of("a", true, "b", true, "tick", false));
        private boolean ticks;
        private boolean isClosed;
        private String name;
        private Runnable afterLook = () -> { };

        Fake(int number) {
            super(number, null);
        }

        @Override
        protected Map<String, Boolean> routes() {
            Map<String, Boolean> look = isClosed ? Map.of() : Map.copyOf(started);
            Runnable after = afterLook;
            afterLook = () -> { };
            after.run();
            return look;
        }

        @Override
        protected boolean isSource(String route) {
            return route.equals("tick");
        }

        @Override
        protected void start(String route) {
            if (isSource(route) && faulty.contains(number())) {
                throw new IllegalStateException("no broker");
            }
            started.put(route, true);
            tick(route, true);
        }

        @Override
        protected void stop(String route) {
            started.put(route, false);
            tick(route, false);
        }

        @Override
        protected void pause(String route) {
            tick(route, false);
        }

        private void tick(String route, boolean runs) {
            if (isSource(route) && ticks != runs) {
                ticks = runs;
                events.add(number() + (runs ? " ticks" : " is silent"));
            }
        }

        @Override
        protected void showAs(String suffix) {
            name = "filestream" + suffix;
        }

        @Override
        public void close() {
            stop("tick");
            isClosed = true;
        }

        Set<String> stopped() {
            Set<String> stopped = new TreeSet<>(started.keySet());
            stopped.removeIf(started::get);
            return stopped;
        }
    }

    @BeforeEach
    void startFirst() {
        serve(1, 100);
        events.clear();
    }

    private void serve(int number, int percent) {
        serving.serve(number, null, percent);
    }

    private Set<Integer> onTheCanary(Serving asked, int canary) {
        Set<Integer> sessions = new TreeSet<>();
        for (int i = 0; i < SESSIONS; i++) {
            String name = "session " + i;
            Entered entered = asked.enter(() -> name);
            entered.generation().exit();
            if (entered.generation().number() == canary) {
                sessions.add(i);
            }
        }
        return sessions;
    }

    @Test
    void shareOfTheSessionsEntersTheCanaryAndNobodyKnowsWhich() {
        serve(2, 10);
        Set<Integer> first = onTheCanary(serving, 2);

        assertThat(first).hasSizeBetween(SESSIONS / 12, SESSIONS / 8).isEqualTo(onTheCanary(serving, 2));
        serve(3, 10);
        assertThat(onTheCanary(serving, 3)).hasSizeBetween(SESSIONS / 12, SESSIONS / 8).isNotEqualTo(first);
        Serving restarted = serving(2);
        restarted.serve(1, null, 100);
        restarted.serve(2, null, 10);
        assertThat(onTheCanary(restarted, 2)).as("with another key").isNotEqualTo(first);
    }

    @Test
    void requestIsPartOfTheComparisonByTheNameThatHasChosenItsSide() {
        assertThat(serving.enter(() -> "alice").session()).as("without a canary").isNull();
        serve(2, 50);

        assertThat(serving.enter(() -> null).session()).as("without a session").isNull();
        Entered entered = serving.enter(() -> "alice");
        assertThat(entered.session().canary()).isEqualTo(2);
        assertThat(entered).isEqualTo(serving.enter(() -> "alice"));
        assertThat(entered.session()).isNotEqualTo(serving.enter(() -> "bob").session());
    }

    @ParameterizedTest(name = "an operator does it in generation {0}, and then the canary is promoted: {1}")
    @CsvSource({"1, true", "1, false", "2, true", "2, false"})
    void whatAnOperatorDoesToARouteInOneGenerationIsSoInBoth(int touched, boolean isPromoted) {
        serve(2, 10);
        int active = isPromoted ? 2 : 1;
        generations.get(touched).stop("a");
        serving.turn();
        assertThat(generations.get(3 - touched).stopped()).contains("a");

        generations.get(touched).start("a");
        generations.get(touched).stop("b");
        // Without a turn, since nobody waits for it.
        if (isPromoted) {
            serving.promote();
        } else {
            serving.withdraw();
        }

        assertThat(generations.get(active).stopped()).containsExactly("b");
        assertThat(serving.stopped()).containsExactly("b");
        serve(3, 100);
        assertThat(generations.get(3).stopped()).as("the next generation").containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void routeThatAnOperatorStartsWhileItsStopIsNoticedStays(boolean hasCanary) {
        Fake first = generations.get(1);
        if (hasCanary) {
            serve(2, 10);
        }
        first.stop("a");
        first.afterLook = () -> first.started.put("a", true);
        serving.turn();

        assertThat(first.stopped()).doesNotContain("a");
        serving.turn();
        assertThat(first.stopped()).doesNotContain("a");
        assertThat(generations.get(hasCanary ? 2 : 1).stopped()).doesNotContain("a");
        assertThat(serving.stopped()).isEmpty();
    }

    @Test
    void routeThatIsStoppedDuringTheStopOfAGenerationIsNoOperatorsDoing() {
        Fake first = generations.get(1);
        serve(2, 100);
        first.stop("a");
        serving.turn();
        serve(3, 100);

        assertThat(generations.get(3).stopped()).isEmpty();
    }

    @Test
    void sourceThatSomebodyStartsOnTheCanaryRunsInTheActiveGeneration() {
        generations.get(1).stop("tick");
        serving.turn();
        serve(2, 10);
        events.clear();

        generations.get(2).start("tick");
        serving.turn();

        assertThat(events).containsExactly("2 ticks", "2 is silent", "1 ticks");
        assertThat(generations.get(1).ticks).isTrue();
        assertThat(generations.get(2).ticks).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void generationWhoseSourceCannotStartChangesNothing(boolean isCanary) {
        faulty.add(2);
        if (isCanary) {
            serve(2, 10);
        }

        assertThatThrownBy(() -> {
            if (isCanary) {
                serving.promote();
            } else {
                serve(2, 100);
            }
        }).hasMessage("no broker");

        assertThat(serving.current().number()).isEqualTo(1);
        assertThat(generations.get(1).ticks).isTrue();
        assertThat(generations.get(2).isClosed).isEqualTo(!isCanary);
    }

    @Test
    void generationClosesAfterItsLastRequest() {
        Entered first = serving.enter(() -> null);
        serve(2, 100);
        serving.turn();
        assertThat(serving.draining()).containsExactly(1);
        assertThat(generations.get(1).name).isEqualTo("filestream-draining-1");

        first.generation().exit();
        serving.turn();

        assertThat(serving.draining()).isEmpty();
        assertThat(generations.get(1).isClosed).isTrue();
        serving.close();
        assertThat(generations.get(2).isClosed).isTrue();
        assertThatThrownBy(() -> serve(3, 100)).hasMessage("the service stops");
    }

    @Test
    void eachGenerationHasItsOwnNameInTheConsole() {
        serve(2, 10);
        assertThat(IntStream.of(1, 2).mapToObj(generations::get)).extracting(each -> each.name)
                .containsExactly("filestream", "filestream-canary-2");
        serving.withdraw();
        assertThat(generations.get(2).name).isEqualTo("filestream-draining-2");
    }
}
