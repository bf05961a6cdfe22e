package org.ccmessaging.filestream.routes.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.language.RouteLanguage;

/**
 * Runs tests of a folder of routes. Tests with the same settings share a service, one after the other.
 *
 * @param routes the files, in their folder as the user named it
 * @param installation the settings of the installation for a run, and no others
 * @param checked whether the files have passed the check, so that the service does not check them again
 */
public record Suite(Class<?> application, RouteFiles routes, Map<String, String> installation, boolean checked) {

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
        try (Starts starts = new Starts(groups.values().stream().<Supplier<TestService>>map(group -> () ->
                new TestService(this, set, group.isEmpty() ? ofSmoke : group.get(0).settings())).toList())) {
            groups.forEach((key, group) -> {
                try (TestService service = starts.next()) {
                    group.forEach(test -> run(service, test, Set.of(), ran, each));
                    if (withSmoke && key.equals(ofSmoke)) {
                        smoke(service, set, ran, each);
                    }
                    leftOut.retainAll(service.leftOut());
                }
            });
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
}
