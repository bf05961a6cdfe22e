package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.ccmessaging.filestream.FileStreamApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments of the jar run a command, start the service, or are refused. */
class CommandsTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String arguments) {
        return Commands.run(FileStreamApplication.class, System::getenv, new PrintWriter(out, true),
                new PrintWriter(err, true), arguments.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"route check", "help me", "-Dserver.port=8081", "server.port=8081"})
    void argumentThatIsNeitherACommandNorASettingDoesNotStartTheService(String arguments) {
        assertThat(Commands.isOne(arguments.split(" "))).isTrue();
        assertThat(run(arguments)).isEqualTo(Commands.COULD_NOT_RUN);
        assertThat(err.toString()).contains(arguments.split("[ =]")[0]);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void mistypedCommandGetsTheNearestOne() {
        run("route check");
        assertThat(err.toString()).contains("Did you mean").contains("jar routes?");
    }

    @Test
    void importOfAMissingFileNamesIt() {
        assertThat(run("library import missing.csv")).isEqualTo(Commands.COULD_NOT_RUN);
        assertThat(err.toString()).contains("there is no missing.csv");
    }

    @Test
    void settingsStartTheService() {
        assertThat(Commands.isOne()).isFalse();
        assertThat(Commands.isOne("--server.port=0")).isFalse();
        assertThat(Commands.isOne("--debug", "apps")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void helpNamesEachCommand(String argument) {
        assertThat(Commands.isOne(argument)).isTrue();
        assertThat(run(argument)).isZero();
        assertThat(out.toString()).contains("routes", "apps", "library", "doctor", "--server.port=8081");
    }

    @Test
    void eachCommandHasHelpThatShowsHowToCallIt() {
        assertThat(run("routes check --help")).isZero();
        assertThat(out.toString()).contains("java -jar ccmessaging-filestream.jar routes check");
    }
}
