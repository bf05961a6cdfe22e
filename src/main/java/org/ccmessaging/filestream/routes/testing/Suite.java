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
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;

/** Runs tests of a folder of routes. Tests with the same settings share a service, one after the other. */
public final class Suite {

    private final Class<?> application;
    private final Path routes;
    private final RunSettings installation;
    private final ApplicationListener<ApplicationEvent> listener;
    private final RouteSet set;

    /** Has the settings of a fresh installation. */
    public Suite(Class<?> application, Path routes) {
        this(application, routes, RunSettings.DEFAULT, event -> { });
    }

    /**
     * @param application the class of the Spring application
     * @param routes the folder of the routes as the user named it
     * @param installation the settings of the installation
     * @param listener hears how the service starts, such as what its check has found
     * @throws java.io.UncheckedIOException if the folder or a file cannot be read
     */
    public Suite(Class<?> application, Path routes, RunSettings installation,
            ApplicationListener<ApplicationEvent> listener) {
        this.listener = listener;
        this.application = application;
        this.routes = routes;
        this.installation = installation;
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
     * Runs tests, and then the built-in smoke tests with the settings of the installation.
     *
     * @param each gets each result as soon as it is there
     * @return the coverage of the routes' steps
     * @throws RuntimeException if the service does not start with the routes
     */
    public Coverage runWithSmoke(List<TestCase> tests, Consumer<Result> each) {
        return run(tests, Map.of(), each);
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
            try (TestService service = new TestService(application, routes, set, installation, group.getKey(),
                    listener)) {
                group.getValue().forEach(test -> each.accept(service.run(test, Set.of())));
                if (due) {
                    // Last, because a step of an author may count requests.
                    Smoke.tests(set, service.branches(), service.recorder().steps())
                            .forEach(test -> each.accept(
                                    service.run(test, Smoke.untold(set, test, service::isOfAuthors))));
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
