package org.ccmessaging.filestream.routes.testing;

import java.nio.file.Path;
import java.util.ArrayList;
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

/**
 * Runs tests of a folder of routes. Tests with the same settings share a service, one after the other.
 *
 * @param application the class of the Spring application
 * @param routes the folder of the routes as the user named it
 * @param installation the settings of the installation
 * @param listener gets what the service publishes while it starts, such as the report of its check
 */
public record Suite(Class<?> application, Path routes, RunSettings installation,
        ApplicationListener<ApplicationEvent> listener) {

    /** Tests that share a service with these settings. */
    private record Group(Map<String, String> settings, List<TestCase> tests) {

        boolean takes(TestCase test) {
            return settings.equals(test.settings()) && !test.needsServiceOfItsOwn();
        }
    }

    /** Takes the settings of a fresh installation. */
    public Suite(Class<?> application, Path routes) {
        this(application, routes, new RunSettings(Map.of(), Map.of()), event -> { });
    }

    /**
     * Runs tests.
     *
     * @param smoke settings of the built-in smoke tests, which run as well; they win over all others. {@code null} for
     *     no smoke tests
     * @param each gets each result as soon as it is there
     * @return the coverage of the routes' steps
     * @throws java.io.UncheckedIOException if the folder or a file cannot be read
     * @throws RuntimeException if the service does not start with the routes
     */
    public Coverage run(List<TestCase> tests, Map<String, String> smoke, Consumer<Result> each) {
        RouteSet set = RouteSet.read(routes, key -> null, new Findings());
        Set<String> ran = new TreeSet<>();
        // Tests may have settings of their own, which bring a route back.
        List<Route> leftOut = new ArrayList<>(set.routes());
        List<Group> groups = groups(tests, smoke);
        for (Group group : groups) {
            try (TestService service = new TestService(this, set, group.settings())) {
                group.tests().forEach(test -> each.accept(service.run(test, Set.of())));
                if (smoke != null && group == groups.get(0)) {
                    // Last, because a step of an author may count requests.
                    Smoke.tests(set, service.branches(), service.recorder().steps())
                            .forEach(test -> each.accept(
                                    service.run(test, Smoke.inconclusive(set, test, service::isOfAuthors))));
                }
                ran.addAll(service.recorder().ran());
                leftOut.retainAll(service.leftOut());
            }
        }
        return Coverage.of(set, leftOut, ran);
    }

    /** The group of the smoke tests comes first, with or without other tests. */
    private static List<Group> groups(List<TestCase> tests, Map<String, String> smoke) {
        List<Group> groups = new ArrayList<>();
        if (smoke != null) {
            groups.add(new Group(smoke, new ArrayList<>()));
        }
        for (TestCase test : tests) {
            groups.stream().filter(group -> group.takes(test)).findFirst().orElseGet(() -> {
                groups.add(new Group(test.settings(), new ArrayList<>()));
                return groups.get(groups.size() - 1);
            }).tests().add(test);
        }
        return groups;
    }
}
