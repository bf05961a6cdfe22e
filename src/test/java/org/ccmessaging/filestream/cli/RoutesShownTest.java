package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.toolkit.Variables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The output of commands that show routes. */
class RoutesShownTest {

    private static List<String> lines(String... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        return run.out().lines().toList();
    }

    @Test
    void listOfBeansDescribesEachByTheStepThatRunsIt() {
        assertThat(lines("routes", "list", "beans"))
                .anySatisfy(line -> assertThat(line).startsWith("resolveKey").contains("Places the key below"));
    }

    @ParameterizedTest
    @CsvSource({"steps, throttle", "functions, variable", "members, substring", "components, direct",
        "variables, objectKey", "headers, resultCode"})
    void listNamesWhatTheLanguageHas(String what, String name) {
        assertThat(lines("routes", "list", what)).anyMatch(line -> line.startsWith(name + " "));
    }

    @Test
    void languageHasTheVariablesOfTheToolkit() {
        assertThat(RouteLanguage.ofProduct().variables()).containsOnlyKeys(constants(Variables.class));
    }

    private static List<String> constants(Class<?> words) {
        return Arrays.stream(words.getFields()).map(RoutesShownTest::text).toList();
    }

    private static String text(Field constant) {
        try {
            return (String) constant.get(null);
        } catch (IllegalAccessException hidden) {
            throw new AssertionError(hidden);
        }
    }

    /** Nobody has checked the file. */
    @Test
    void nameInAFileBreaksNoLineAndMovesNoCursor(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("a\u202e.camel.yaml"), "- route: {id: \"a\\e[31m\\u202E\\nb\", from: {uri:"
                + " 'direct:a', steps: []}}\n");

        assertThat(CommandRun.of("routes", "check", folder.toString()).out())
                .contains("a\\u001b[31m\\u202e\\u000ab").doesNotContain("\u202e", "\u001b");
        assertThat(CommandRun.of("routes", "check", folder.resolve("\u202e").toString()).err())
                .contains("there is no").doesNotContain("\u202e");
    }
}
