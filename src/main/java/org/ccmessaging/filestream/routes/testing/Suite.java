package org.ccmessaging.filestream.routes.testing;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.springframework.util.ReflectionUtils;

/**
 * Runs tests of a folder of routes. Tests with the same settings share a service, one after the other.
 *
 * @param routes the files, in their folder as the user named it
 * @param installation the settings of the installation for a run, and no others
 * @param checked whether the files have passed the check, so that the service does not check them again
 */
public record Suite(Class<?> application, RouteFiles routes, Map<String, String> installation, boolean checked) {

    /** Number of services at a time: one in use, and those that the next tests need. */
    private static final int MOST_SERVICES = 3;

    private static final int LONGEST_START_SECONDS = 60;

    /**
     * Runs tests, and returns the coverage of the routes' steps.
     *
     * @param withSmoke whether the built-in smoke tests run as well, with a catalogue if the installation has one
     * @param each receives each result at once
     * @throws RuntimeException if the service does not start with the routes
     */
    public Coverage run(List<TestCase> tests, boolean withSmoke, Consumer<Result> each) {
        RouteSet set = set();
        Set<String> ran = new TreeSet<>();
        // The settings of a test may start a route that those of others leave out.
        List<Step> leftOut = new ArrayList<>(set.routes());
        Map<String, String> ofSmoke = catalogue();
        Map<Object, List<TestCase>> groups = new LinkedHashMap<>();
        tests.forEach(test -> groups.computeIfAbsent(test.needsServiceOfItsOwn() ? test : test.settings(),
                key -> new ArrayList<>()).add(test));
        if (withSmoke) {
            List<TestCase> others = groups.remove(ofSmoke);
            groups.put(ofSmoke, others == null ? List.of() : others);
        }
        // The next services start while the tests of one wait for their responses.
        ExecutorService starter = Executors.newSingleThreadExecutor();
        Semaphore room = new Semaphore(MOST_SERVICES);
        Queue<TestService> started = new ConcurrentLinkedQueue<>();
        Iterator<Future<TestService>> starts = groups.values().stream().map(group -> starter.submit(() -> {
            room.acquire();
            TestService service =
                    new TestService(this, set, group.isEmpty() ? ofSmoke : group.get(0).settings());
            started.add(service);
            return service;
        })).toList().iterator();
        try {
            groups.forEach((key, group) -> {
                TestService service = get(starts.next());
                group.forEach(test -> run(service, test, Set.of(), ran, each));
                if (withSmoke && key.equals(ofSmoke)) {
                    smoke(service, set, ran, each);
                }
                leftOut.retainAll(service.leftOut());
                started.remove(service);
                service.close();
                room.release();
            });
        } finally {
            starter.shutdownNow();
            await(starter);
            started.forEach(TestService::close);
        }
        return Coverage.of(set, leftOut, ran);
    }

    /** Runs the smoke tests last, because a step of an author may count requests. */
    private static void smoke(TestService service, RouteSet set, Set<String> ran, Consumer<Result> each) {
        Smoke smoke = new Smoke(set);
        Set<String> ranForDemo = new TreeSet<>();
        smoke.tests(service.branches(), service.callingSteps()).forEach(test -> run(service, test,
                smoke.inconclusive(test, service::isOfAuthors, ranForDemo), ranForDemo, each));
        ran.addAll(ranForDemo);
    }

    private RouteSet set() {
        return RouteSet.read(routes, RouteLanguage.ofProduct(), key -> null, new Findings());
    }

    private Map<String, String> catalogue() {
        return "sql".equals(installation.get(TestCase.CATALOGUE)) ? Map.of(TestCase.CATALOGUE, "sql") : Map.of();
    }

    /** Replays requests with a service, and returns their outcomes by index. */
    Map<Integer, Outcome> replay(List<Seen> seen) throws InterruptedException {
        try (TestService service = new TestService(this, set(), catalogue())) {
            return service.replay(seen);
        }
    }

    private static void run(
            TestService service, TestCase test, Set<String> inconclusive, Set<String> ran, Consumer<Result> each) {
        Result result = service.run(test, inconclusive);
        ran.addAll(result.steps());
        each.accept(result);
    }

    /** @throws RuntimeException if the service does not start */
    private static TestService get(Future<TestService> service) {
        try {
            return service.get();
        } catch (ExecutionException failed) {
            ReflectionUtils.rethrowRuntimeException(failed.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("interrupted");
    }

    private static void await(ExecutorService starter) {
        try {
            starter.awaitTermination(LONGEST_START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
