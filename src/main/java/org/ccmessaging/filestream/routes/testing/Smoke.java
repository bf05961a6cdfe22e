package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.TestSchema;
import org.ccmessaging.filestream.storage.StorageSettings.Branch;
import org.ccmessaging.filestream.storage.StorageSettings.Type;

/**
 * Makes the built-in tests of the safety rules (contract sections 2 to 4) from {@code smoke.test.yaml}, for the
 * branches and steps of an installation.
 */
record Smoke(RouteSet set) {

    private static final Path FILE = Path.of("(built in)", "smoke.test.yaml");

    /** Components that call nothing but the service and the store of the run. */
    private static final Set<String> INSIDE = Set.of("", "direct", "seda", "log", "mock", "bean", "aws2-s3");

    /** Steps with which an author may refuse a customer. */
    private static final Set<String> REFUSING = Set.of("throwException", "validate", "throttle");

    /** Failures that are not refusals, since the file exists. */
    private static final List<String> NOT_FOUND = List.of("ObjectKeyMissingException", "ObjectNotFoundException");

    List<TestCase> tests(Map<String, Branch> branches, Collection<String> known) {
        // An edit may serve or refuse only the tenants and the files that the author's tests name.
        String tenant = "tenant-" + UUID.randomUUID();
        String other = "tenant-" + UUID.randomUUID();
        String file = UUID.randomUUID() + ".txt";
        // A file that all tenants share is not secret.
        Map<?, ?> others = files(branches, branch -> !branch.shared(), List.of(other), "the file of another tenant",
                List.of(file));
        // The file is there whichever branch serves the request, and whatever key the branch makes of the ID.
        Map<?, ?> own = files(branches, branch -> true, List.of(TestService.TENANT, tenant), "the customer's own file",
                Stream.concat(Stream.of(file), branches.keySet().stream().map(name -> name + "/" + file)).toList());
        // An empty body, because the body holds the request before, and a branch would serve it as the file.
        Map<?, ?> mocks = outside(known).stream().collect(Collectors.toMap(step -> step, step -> Map.of("body", "")));
        ObjectMapper json = new ObjectMapper();
        String text = TestSchema.resource("smoke.test.yaml")
                .replace("<tenant>", tenant).replace("<other>", other).replace("<file>", file)
                .replace("<files>", json.valueToTree(others).toString())
                .replace("<own>", json.valueToTree(own).toString())
                .replace("<mocks>", json.valueToTree(mocks).toString());
        Map<String, TestCase> byName = new LinkedHashMap<>();
        for (String branch : branches.keySet()) {
            // A test that does not name the branch is the same each time.
            TestFiles.parse(Map.of(FILE, text.replace("<branch>", branch).getBytes(StandardCharsets.UTF_8)))
                    .forEach(test -> byName.put(test.name(), test));
        }
        return List.copyOf(byName.values());
    }

    /** Returns, by branch, the file of the tenants under the complete key that the branch makes of each key. */
    private static Map<String, Map<String, String>> files(Map<String, Branch> branches, Predicate<Branch> which,
            List<String> tenants, String content, List<String> keys) {
        Map<String, Map<String, String>> files = new TreeMap<>();
        branches.forEach((name, branch) -> {
            if (branch.type() != Type.STREAM && which.test(branch)) {
                files.put(name, tenants.stream().map(tenant -> branch.key().replace("${variable.tenantId}", tenant))
                        .flatMap(layout -> keys.stream().map(key -> layout.replace("${variable.objectKey}", key)))
                        .distinct().collect(Collectors.toMap(Function.identity(), key -> content)));
            }
        });
        return files;
    }

    /**
     * Returns the steps after which a download proves nothing: mocks, and steps of authors, which may refuse it. A step
     * that refuses only tenants that no test names is a fault.
     *
     * @param ranForDemo the steps that earlier tests ran, which act for tenant {@value TestService#TENANT} first
     */
    Set<String> inconclusive(TestCase test, Predicate<String> ofAuthors, Set<String> ranForDemo) {
        Set<String> steps = new HashSet<>();
        if (test.expect().get("resultCode").text().equals("0")) {
            steps.addAll(test.mocks().keySet());
            boolean demo = !test.request().get("tenant").isPresent();
            set.allSteps().filter(step -> ofAuthors.test(step.field("ref").text()) || REFUSING.contains(step.name())
                            && (demo || ranForDemo.contains(Recorder.name(step)))
                            && NOT_FOUND.stream().noneMatch(step.field("exceptionType").text()::endsWith))
                    .map(Recorder::name).forEach(steps::add);
        }
        return steps;
    }

    /** Returns the names of the steps that would call a file server, a scanner, a webhook or a broker. */
    List<String> outside(Collection<String> known) {
        return set.allSteps().filter(step -> !INSIDE.contains(step.endpoint().scheme())
                        || step.field("ref").text().equals(Mocks.REQUEST_STREAM))
                .map(Recorder::name).filter(known::contains).distinct().toList();
    }
}
