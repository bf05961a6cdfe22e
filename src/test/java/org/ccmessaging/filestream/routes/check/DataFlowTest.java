package org.ccmessaging.filestream.routes.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.toolkit.RouteSteps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Findings of the data-flow analysis, and its cost. */
class DataFlowTest {

    private static final String CALL = "        - to: {id: %s, description: Calls one., uri: 'direct:x{{n}}%d'}\n";

    private static List<Finding> check(RouteEdit edit, Path folder, AtomicInteger lookUps) throws IOException {
        edit.writeTo(folder);
        Map<String, String> settings = edit.settings();
        Findings findings = new Findings();
        RouteSet set = RouteSet.read(RouteFiles.read(folder), RouteLanguage.ofProduct(), key -> {
            lookUps.incrementAndGet();
            return settings.get(key);
        }, findings);
        new RuleLevel(set, findings).check();
        return findings.sorted();
    }

    @Test
    void stepWithoutWhatItNeedsIsNamedWithTheStepThatLeavesIt(@TempDir Path folder) throws IOException {
        RouteEdit edit = new RouteEdit("", "storage-standard.camel.yaml", Map.of("deleteStep", "resolve-key-standard"));

        assertThat(check(edit, folder, new AtomicInteger())).singleElement()
                .hasToString("Finding[place=" + folder.resolve("storage-standard.camel.yaml") + ":22:11, level=ERROR,"
                        + " code=R102, message=step open-standard needs location, which resolve-key leaves, on every"
                        + " path, hint=put resolve-key before it, on every path, or end the others with"
                        + " throwException]");
    }

    /** Each look at a call asks for its setting. */
    @Test
    void routesThatEachCallTheNextTwiceAreWalkedOnceWhateverTheirVariables(@TempDir Path folder) throws IOException {
        StringBuilder routes = new StringBuilder();
        for (int route = 0; route < 31; route++) {
            routes.append("- route:\n    id: x%1$d\n    from:\n      uri: direct:x%1$d\n".formatted(route))
                    .append("      steps:\n");
            if (route < 30) {
                routes.append(CALL.formatted("one-" + route, route + 1)).append(("        - setVariable: {id: set-%1$d,"
                        + " description: Sets one., name: x%1$d, constant: {expression: a}}\n").formatted(route))
                        .append(CALL.formatted("two-" + route, route + 1));
            }
            routes.append("        - log: {id: log-%d, description: Says so., message: so}\n".formatted(route))
                    .append("    routeConfigurationId: result-codes\n");
        }
        Files.writeString(folder.resolve("chain.camel.yaml"), routes);
        RouteEdit edit = new RouteEdit("", "choose-storage.camel.yaml", Map.of("insertBefore", "choose-branch",
                "text", "- to:\n    id: to-chain\n    description: Calls the chain.\n    uri: direct:x0\n",
                "settings", Map.of("n", "")));
        AtomicInteger lookUps = new AtomicInteger();

        assertTimeoutPreemptively(Duration.ofMinutes(1), () ->
                assertThat(check(edit, folder, lookUps)).isEmpty());
        assertThat(lookUps).hasValueLessThan(20_000);
    }

    @Test
    void everyFactThatAStepNeedsIsLeftByAnother() {
        assertThat(RouteSteps.all().values().stream().flatMap(step -> Arrays.stream(step.needs())))
                .isNotEmpty().allSatisfy(fact -> assertThat(StepEffect.leavers(fact)).as(fact).isNotEmpty());
    }
}
