package org.ccmessaging.filestream.cli;

import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOP_FallbackServiceProvider;
import org.slf4j.helpers.Reporter;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.io.support.SpringFactoriesLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine;

/** Runs the commands of the jar. Without arguments, or with settings ({@code --key=value}), the service starts. */
@Command(name = "java -jar ccmessaging-filestream.jar", scope = CommandLine.ScopeType.INHERIT,
        mixinStandardHelpOptions = true, versionProvider = Commands.class, synopsisSubcommandLabel = "COMMAND",
        description = "Runs a command. Without one, starts the service; its arguments are settings, such as"
                + " --server.port=8081.",
        subcommands = {CommandLine.HelpCommand.class, DoctorCommand.class})
public final class Commands implements CommandLine.IVersionProvider {

    /** Exit status of a command that could not run: a wrong argument, a missing folder, a wrong setting. */
    static final int COULD_NOT_RUN = 2;

    private Commands() {
    }

    @Override
    public String[] getVersion() {
        return new String[] {getClass().getPackage().getImplementationVersion()};
    }

    /** Returns whether the arguments are a command and not settings of the service. An unknown command counts too. */
    public static boolean isCommand(String... arguments) {
        return arguments.length > 0
                && (!arguments[0].startsWith("--") || List.of("--help", "--version").contains(arguments[0]));
    }

    /** Runs a command. Its exit status is 0 for success, 1 for errors, and 2 if the command could not run. */
    public static int run(Class<?> application, String... arguments) {
        // Tests of routes record the log of the services that they start.
        quietenLog(List.of(arguments).contains("test") ? "route-check/test-log.xml" : null);
        return run(application, new PrintWriter(System.out, true), new PrintWriter(System.err, true), arguments);
    }

    /**
     * Turns off the log: commands print only their result.
     *
     * @param recorded Logback file for the services whose log route tests record; {@code null} for no Logback at all,
     *     since a Logback that logs nothing takes as long to set up
     */
    private static void quietenLog(String recorded) {
        if (recorded == null) {
            System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, NOP_FallbackServiceProvider.class.getName());
        } else {
            System.setProperty("logback.configurationFile", recorded);
        }
        System.setProperty(Reporter.SLF4J_INTERNAL_VERBOSITY_KEY, "WARN");
        // Otherwise each service that starts would configure the log again, while other services use it.
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
        LogManager.getLogManager().reset();
    }

    static int run(Class<?> application, PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new Commands()).addSubcommand(new RoutesCommand(application))
                .setOut(out).setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    reason(failure).lines().forEach(line ->
                            command.getErr().println(command.getCommandName() + ": " + line));
                    return COULD_NOT_RUN;
                })
                .execute(arguments);
    }

    private static String reason(Throwable failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        return cause instanceof NoSuchFileException missing ? "there is no " + missing.getFile()
                : cause instanceof CharacterCodingException ? "the file is not UTF-8"
                : analysis(failure).map(FailureAnalysis::getDescription).orElse(String.valueOf(cause.getMessage()));
    }

    /** Returns what startup would report, such as the key of a wrong setting. The report shows no secret. */
    static Optional<FailureAnalysis> analysis(Throwable failure) {
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, (type, name, unavailable) -> { }).stream()
                .map(analyzer -> analyzer.analyze(failure)).filter(Objects::nonNull).findFirst();
    }
}
