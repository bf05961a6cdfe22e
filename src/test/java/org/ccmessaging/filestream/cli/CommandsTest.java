package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments of the jar run a command, start the service, or are refused. */
class CommandsTest {

    @ParameterizedTest
    @ValueSource(strings = {"route check", "help me", "-Dserver.port=8081", "server.port=8081"})
    void argumentThatIsNeitherACommandNorASettingDoesNotStartTheService(String arguments) {
        assertThat(Commands.isCommand(arguments.split(" "))).isTrue();
        CommandRun run = CommandRun.of(arguments.split(" "));
        assertThat(run.status()).isEqualTo(Commands.COULD_NOT_RUN);
        assertThat(run.err()).contains(arguments.split("[ =]")[0]);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void settingsStartTheService() {
        assertThat(Commands.isCommand()).isFalse();
        assertThat(Commands.isCommand("--server.port=0")).isFalse();
        assertThat(Commands.isCommand("--debug", "routes")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void helpNamesEachCommand(String argument) {
        assertThat(Commands.isCommand(argument)).isTrue();
        CommandRun run = CommandRun.of(argument);
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("routes", "doctor", "--server.port=8081");
    }

    @Test
    void eachCommandHasHelpThatShowsHowToCallIt() {
        CommandRun run = CommandRun.of("routes", "check", "--help");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("java -jar ccmessaging-filestream.jar routes check");
    }
}
