package org.ccmessaging.filestream.cli;

import java.io.Console;
import java.net.URI;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of commands that talk to a running service: its address and the user. */
final class ServiceOptions {

    private static final String USERNAME = "FILESTREAM_CONSOLE_USERNAME";
    private static final String PASSWORD = "FILESTREAM_CONSOLE_PASSWORD";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--url", defaultValue = "http://localhost:9090", paramLabel = "URL",
            description = "The management port of the service (default: ${DEFAULT-VALUE})")
    private URI url;

    @Option(names = "--user", paramLabel = "NAME", description = "The user of the console; without it, " + USERNAME
            + " of the environment. The password is " + PASSWORD + ", or what you type")
    private String user;

    /**
     * Returns the client of that service.
     *
     * @param environment the environment variables by name
     * @throws ParameterException if the user or the password is missing
     */
    RunningService connect(UnaryOperator<String> environment) {
        String name = user == null ? environment.apply(USERNAME) : user;
        if (name == null) {
            throw new ParameterException(command.commandLine(), "who? Give --user or set " + USERNAME);
        }
        if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
            throw new ParameterException(command.commandLine(), "--url " + url + " is no address such as"
                    + " http://localhost:9090");
        }
        return new RunningService(url, name, password(name, environment.apply(PASSWORD)));
    }

    private String password(String name, String ofEnvironment) {
        if (ofEnvironment != null) {
            return ofEnvironment;
        }
        Console terminal = System.console();
        char[] typed = terminal == null ? null : terminal.readPassword("Password of %s: ", name);
        if (typed == null) {
            throw new ParameterException(command.commandLine(), "the password is missing: set " + PASSWORD
                    + ", since there is no terminal to ask at");
        }
        return new String(typed);
    }
}
