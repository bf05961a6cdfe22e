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

/** Runs the commands of the jar. */
@Command(name = "java -jar ccmessaging-filestream.jar", scope = CommandLine.ScopeType.INHERIT,
        mixinStandardHelpOptions = true, versionProvider = Commands.class, synopsisSubcommandLabel = "COMMAND",
        description = "Runs a command. Without one, starts the service; its arguments are settings, such as"
                + " --server.port=8081.",
        subcommands = {CommandLine.HelpCommand.class, DoctorCommand.class})
public final class Commands implements CommandLine.IVersionProvider {

    /** Exit status of a command that could not run; the same as picocli's for a wrong argument. */
    static final int COULD_NOT_RUN = 2;

    private Commands() {
    }

    @Override
    public String[] getVersion() {
        return new String[] {getClass().getPackage().getImplementationVersion()};
    }

    /** Returns whether the arguments run a command, even an unknown command, instead of the service. */
    public static boolean isCommand(String... arguments) {
        return arguments.length > 0
                && (!arguments[0].startsWith("--") || List.of("--help", "--version").contains(arguments[0]));
    }

    /** Runs a command and returns the exit status: 0 for success, 1 for errors, 2 if the command could not run. */
    public static int run(Class<?> application, String... arguments) {
        // Route tests need Logback, because these tests record the log of the services that they start.
        quietenLog(List.of(arguments).contains("test") ? "route-check/test-log.xml" : null);
        return run(application, new PrintWriter(System.out, true), new PrintWriter(System.err, true), arguments);
    }

    /** @param recorded a Logback configuration; with {@code null}, Logback does not start, which saves time */
    private static void quietenLog(String recorded) {
        if (recorded == null) {
            System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, NOP_FallbackServiceProvider.class.getName());
        } else {
            System.setProperty("logback.configurationFile", recorded);
        }
        System.setProperty(Reporter.SLF4J_INTERNAL_VERBOSITY_KEY, "WARN");
        // Route tests start several services in this process. These services must not configure the log again.
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

    /** Returns the report that startup would print for this failure. The report shows no secret. */
    static Optional<FailureAnalysis> analysis(Throwable failure) {
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, (type, name, unavailable) -> { }).stream()
                .map(analyzer -> analyzer.analyze(failure)).filter(Objects::nonNull).findFirst();
    }
}
