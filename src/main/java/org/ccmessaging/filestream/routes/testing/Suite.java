package org.ccmessaging.filestream.routes.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;

/** Runs tests of a folder of routes. Tests with the same settings share a service, one after the other. */
public final class Suite {

    private final Class<?> application;
    private final Path routes;
    private final RouteSet set;

    /**
     * @param application the class of the Spring application
     * @param routes the folder of the routes as the user named it
     * @throws java.io.UncheckedIOException if the folder or a file cannot be read
     */
    public Suite(Class<?> application, Path routes) {
        this.application = application;
        this.routes = routes;
        this.set = RouteSet.read(routes, key -> null, new Findings());
    }

    /**
     * Runs tests.
     *
     * @param each gets each result as soon as it is there
     * @return the coverage of the routes' steps
     * @throws RuntimeException if the service does not start with the routes
     */
    public Coverage run(List<TestCase> tests, Consumer<Result> each) {
        return run(tests, null, each);
    }

    /**
     * Runs tests, and then the built-in smoke tests of the safety rules.
     *
     * @param settings of the smoke tests; they win over all others
     * @param each gets each result as soon as it is there
     * @return the coverage of the routes' steps
     * @throws RuntimeException if the service does not start with the routes
     */
    public Coverage runWithSmoke(List<TestCase> tests, Map<String, String> settings, Consumer<Result> each) {
        return run(tests, settings, each);
    }

    /** @param smoke the settings of the smoke tests; {@code null} without them */
    private Coverage run(List<TestCase> tests, Map<String, String> smoke, Consumer<Result> each) {
        Set<String> ran = new TreeSet<>();
        // Tests may have settings of their own, which bring a route back.
        List<Route> leftOut = new ArrayList<>(set.routes());
        boolean due = smoke != null;
        for (Map.Entry<Map<String, String>, List<TestCase>> group : groups(tests, smoke)) {
            try (TestService service = new TestService(application, routes, set, group.getKey())) {
                group.getValue().forEach(test -> each.accept(service.run(test)));
                if (due) {
                    // Last, because a step of an author may count requests.
                    Smoke.tests(set, service.branches(), service.recorder().steps())
                            .forEach(test -> each.accept(service.run(test)));
                    due = false;
                }
                ran.addAll(service.recorder().ran());
                leftOut.retainAll(service.leftOut());
            }
        }
        return Coverage.of(set, leftOut, ran);
    }

    /** Tests by their settings; those of the smoke tests come first, with or without other tests. */
    private static List<Map.Entry<Map<String, String>, List<TestCase>>> groups(
            List<TestCase> tests, Map<String, String> smoke) {
        Map<Map<String, String>, List<TestCase>> shared = new LinkedHashMap<>();
        if (smoke != null) {
            shared.put(smoke, new ArrayList<>());
        }
        List<Map.Entry<Map<String, String>, List<TestCase>>> groups = new ArrayList<>();
        for (TestCase test : tests) {
            if (test.needsServiceOfItsOwn()) {
                groups.add(Map.entry(test.settings(), List.of(test)));
            } else {
                shared.computeIfAbsent(test.settings(), settings -> new ArrayList<>()).add(test);
            }
        }
        groups.addAll(0, shared.entrySet());
        return groups;
    }
}
