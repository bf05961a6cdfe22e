package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.storage.StorageSettings.Branch;
import org.ccmessaging.filestream.storage.StorageSettings.Type;

/**
 * The built-in tests of the safety rules (contract sections 2 to 4): {@code smoke.test.yaml}, written out for the
 * branches and steps of an installation.
 */
final class Smoke {

    /** The name of the file in reports. */
    private static final Path FILE = Path.of("(built in)", "smoke.test.yaml");
    private static final String RESOURCE = "/route-check/smoke.test.yaml";

    private static final String BRANCH = "<branch>";
    private static final String OTHER_TENANT = "other";
    private static final String OTHER_FILE = "secret.txt";
    private static final String OWN_FILE = "own.txt";

    /** Components that reach nothing outside of the service and the store of the run. */
    private static final Set<String> INSIDE = Set.of("", "direct", "seda", "log", "mock", "bean", "aws2-s3");

    /** Steps that decide at run time which endpoints they call. */
    private static final Set<String> DYNAMIC = Set.of("recipientList", "routingSlip", "dynamicRouter");

    /** Steps by which an author may refuse a customer. */
    private static final Set<String> REFUSING = Set.of("throwException", "validate", "throttle");

    /** The file is there, so these are no refusals. */
    private static final List<String> NOT_FOUND = List.of("ObjectKeyMissingException", "ObjectNotFoundException");

    private Smoke() {
    }

    /**
     * Writes out the tests.
     *
     * @param known the names of the steps that the service has
     */
    static List<TestCase> tests(RouteSet set, Map<String, Branch> branches, Collection<String> known) {
        String text = TestSchema.resource(RESOURCE).replace("<files>", json(files(branches)))
                .replace("<own>", json(own(branches)))
                .replace("<mocks>", json(mocks(set, known)));
        Map<String, TestCase> byName = new LinkedHashMap<>();
        for (String branch : branches.keySet()) {
            // A branch alone changes no other test, which then takes the place of itself.
            parse(text.replace(BRANCH, branch)).forEach(test -> byName.put(test.name(), test));
        }
        return List.copyOf(byName.values());
    }

    private static List<TestCase> parse(String text) {
        TestFiles parsed = TestFiles.parse(FILE, text.getBytes(StandardCharsets.UTF_8));
        if (!parsed.findings().isEmpty()) {
            throw new IllegalStateException(parsed.findings().toString());
        }
        return parsed.tests();
    }

    /** By branch, another tenant's file where the branch reads it, unless tenants share the branch. */
    private static Map<String, Map<String, String>> files(Map<String, Branch> branches) {
        Map<String, Map<String, String>> files = new TreeMap<>();
        branches.forEach((name, branch) -> {
            if (!branch.shared() && branch.type() != Type.STREAM) {
                files.put(name, Map.of(branch.key().replace("${variable.tenantId}", OTHER_TENANT)
                        .replace("${variable.objectKey}", OTHER_FILE), "the file of another tenant"));
            }
        });
        return files;
    }

    /** The customer's own file in each branch, under each key that the branch may make of its ID. */
    private static Map<String, Map<String, String>> own(Map<String, Branch> branches) {
        Map<String, Map<String, String>> files = new TreeMap<>();
        branches.forEach((name, branch) -> {
            if (branch.type() != Type.STREAM) {
                Map<String, String> keys = new TreeMap<>();
                Stream.concat(Stream.of(""), branches.keySet().stream().map(folder -> folder + "/"))
                        .forEach(folder -> keys.put(branch.key().replace("${variable.tenantId}", TestService.TENANT)
                                .replace("${variable.objectKey}", folder + OWN_FILE), "the customer's own file"));
                files.put(name, keys);
            }
        });
        return files;
    }

    /**
     * The steps after which the result of a download proves nothing: those that a mock replaces, and those of authors,
     * which may refuse a customer.
     *
     * @param ofAuthors tests whether an author brought the bean of that name
     */
    static Set<String> inconclusive(RouteSet set, TestCase test, Predicate<String> ofAuthors) {
        Set<String> steps = new HashSet<>();
        if (test.expect().get("resultCode").text().equals("0")) {
            steps.addAll(test.mocks().keySet());
            set.allSteps().filter(step -> ofAuthors.test(step.field("ref").text()) || REFUSING.contains(step.name())
                            && NOT_FOUND.stream().noneMatch(step.field("exceptionType").text()::endsWith))
                    .map(Recorder::name).forEach(steps::add);
        }
        return steps;
    }

    /**
     * The steps that would call a file server, a scanner, a webhook or a broker, which knows nothing of a test. They
     * leave an empty body, because the request is in it before, and a branch would serve that.
     */
    private static Map<String, Object> mocks(RouteSet set, Collection<String> known) {
        Map<String, Object> mocks = new TreeMap<>();
        set.allSteps().filter(Smoke::callsOutside).map(Recorder::name).filter(known::contains)
                .forEach(step -> mocks.put(step, Map.of("body", "")));
        return mocks;
    }

    private static boolean callsOutside(Step step) {
        return DYNAMIC.contains(step.name()) || !INSIDE.contains(step.endpoint().scheme());
    }

    private static String json(Object value) {
        try {
            return new ObjectMapper().writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
