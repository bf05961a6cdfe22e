package org.ccmessaging.filestream.routes.testing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Value;

/**
 * Runs the tests of a routes folder. Tests with the same settings share a running service.
 *
 * @param installation the settings of the installation; tests see them instead of the machine's environment variables
 * @param callsOutside whether steps without a mock may call other systems; true only in the product's own tests
 */
public record Suite(Class<?> application, RouteFiles routes, Map<String, String> installation, boolean callsOutside) {

    /**
     * @param each receives the result of each test as soon as the test has ended
     * @throws InvalidRoutesException if the routes or the shared mocks have an error
     */
    public void run(List<TestCase> tests, Consumer<Result> each) {
        RouteSet set = RouteSet.read(routes, key -> null);
        Map<String, Value> mocks = TestFiles.mocks(routes.folder());
        tests.stream().collect(Collectors.groupingBy(TestCase::settings, LinkedHashMap::new, Collectors.toList()))
                .forEach((settings, group) -> {
                    try (TestService service = new TestService(this, set, mocks, settings)) {
                        service.requireSteps(mocks);
                        group.forEach(test -> each.accept(service.run(test)));
                    }
                });
    }
}
