package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;

/** {@code apps hash} where there is no terminal. */
@ResourceLock("System.in")
class AppsCommandTest {

    private static CommandRun run(byte[] input, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input));
        try {
            return CommandRun.of(arguments);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void hashOfTheFirstLineIsTheWholeOutput() {
        CommandRun run = run("gehäim secret\nand more\n".getBytes(StandardCharsets.UTF_8), "apps", "hash");

        assertThat(run.status()).isZero();
        assertThat(run.out()).matches("\\{bcrypt}\\$2a\\$10\\$\\S{53}\\R");
        assertThat(run.err()).isEmpty();
        assertThat(PasswordEncoderFactories.createDelegatingPasswordEncoder()
                .matches("gehäim secret", run.out().strip())).isTrue();
    }

    static Stream<Arguments> refusedInputs() {
        return Stream.of(
                Arguments.of("\n".getBytes(StandardCharsets.UTF_8), "hash: the secret is blank"),
                Arguments.of("x".repeat(73).getBytes(StandardCharsets.UTF_8), "72 bytes"),
                Arguments.of("geh\u00e4im\n".getBytes(StandardCharsets.ISO_8859_1), "characters that the encoding"));
    }

    @ParameterizedTest
    @MethodSource("refusedInputs")
    void secretThatCannotBeHashedGivesStatus2AndNoOutput(byte[] input, String reason) {
        CommandRun run = run(input, "apps", "hash");

        assertThat(run.status()).isEqualTo(Commands.COULD_NOT_RUN);
        assertThat(run.err()).contains(reason);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void commandWithoutASubcommandGivesStatus2AndNoOutput() {
        CommandRun run = CommandRun.of("apps");

        assertThat(run.status()).isEqualTo(Commands.COULD_NOT_RUN);
        assertThat(run.out()).isEmpty();
    }
}
