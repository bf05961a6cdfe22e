package org.ccmessaging.filestream.routes.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Value;

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
        Set<String> ran = new TreeSet<>();
        for (Map.Entry<Map<String, String>, List<TestCase>> group : groups(tests)) {
            try (TestService service = new TestService(application, routes, group.getKey(), failures())) {
                group.getValue().forEach(test -> each.accept(service.run(test)));
                ran.addAll(service.recorder().ran());
            }
        }
        return Coverage.of(set, ran);
    }

    private static List<Map.Entry<Map<String, String>, List<TestCase>>> groups(List<TestCase> tests) {
        Map<Map<String, String>, List<TestCase>> shared = new LinkedHashMap<>();
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

    /** The classes that clauses of the routes and their steps name. */
    private Set<String> failures() {
        return set.allSteps().flatMap(step -> step.name().equals("throwException")
                        ? Stream.of(step.field("exceptionType")) : step.exceptions().stream())
                .map(Value::text).filter(name -> !name.isEmpty()).collect(Collectors.toCollection(TreeSet::new));
    }
}
