package org.ccmessaging.filestream.routes.testing;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

    /**
     * Runs tests, and returns the coverage of the routes' steps. The next service starts while the tests of one run.
     *
     * @param each receives each result at once
     * @throws RuntimeException if a service does not start with the routes
     */
    public Coverage run(List<TestCase> tests, Consumer<Result> each) {
        RouteSet set = set();
        Set<String> ran = new TreeSet<>();
        // The settings of a test may start a route that those of others leave out.
        List<Step> leftOut = new ArrayList<>(set.routes());
        Map<Object, List<TestCase>> groups = new LinkedHashMap<>();
        tests.forEach(test -> groups.computeIfAbsent(test.needsServiceOfItsOwn() ? test : test.settings(),
                key -> new ArrayList<>()).add(test));
        Iterator<List<TestCase>> rest = groups.values().iterator();
        CompletableFuture<Optional<TestService>> next = start(set, rest);
        try {
            for (List<TestCase> group : groups.values()) {
                try (TestService service = next.join().orElseThrow()) {
                    next = start(set, rest);
                    for (TestCase test : group) {
                        Result result = service.run(test);
                        ran.addAll(result.steps());
                        each.accept(result);
                    }
                    leftOut.retainAll(service.leftOut());
                }
            }
        } catch (CompletionException failed) {
            ReflectionUtils.rethrowRuntimeException(failed.getCause());
        } finally {
            next.thenAccept(unused -> unused.ifPresent(TestService::close)).exceptionally(failed -> null).join();
        }
        return Coverage.of(set, leftOut, ran);
    }

    private CompletableFuture<Optional<TestService>> start(RouteSet set, Iterator<List<TestCase>> groups) {
        Optional<Map<String, String>> settings =
                groups.hasNext() ? Optional.of(groups.next().get(0).settings()) : Optional.empty();
        // Threads of the common pool do not have the class loader of the jar.
        return CompletableFuture.supplyAsync(() -> settings.map(each -> new TestService(this, set, each)),
                start -> new Thread(start, "start-of-tests").start());
    }

    private RouteSet set() {
        return RouteSet.read(routes, RouteLanguage.ofProduct(), key -> null, new Findings());
    }

    /** Replays requests with a service, and returns their outcomes by index. */
    Map<Integer, Outcome> replay(List<Seen> seen) throws InterruptedException {
        Map<String, String> catalogue = "sql".equals(installation.get(TestCase.CATALOGUE))
                ? Map.of(TestCase.CATALOGUE, "sql") : Map.of();
        try (TestService service = new TestService(this, set(), catalogue)) {
            return service.replay(seen);
        }
    }
}
