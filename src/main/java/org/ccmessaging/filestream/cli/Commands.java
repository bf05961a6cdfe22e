package org.ccmessaging.filestream.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.logging.LogManager;
import javax.management.JMException;
import javax.management.ObjectName;
import org.ccmessaging.filestream.routes.check.Check;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOP_FallbackServiceProvider;
import org.slf4j.helpers.Reporter;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.NestedExceptionUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;

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

    /** Returns whether the arguments are a command and not settings of the service. An unknown command is one, too. */
    public static boolean isOne(String... arguments) {
        return arguments.length > 0
                && (!arguments[0].startsWith("--") || List.of("--help", "--version").contains(arguments[0]));
    }

    /** Runs a command. Its exit status is 0 for success, 1 for errors, and 2 if the command could not run. */
    public static int run(Class<?> application, String... arguments) {
        boolean service = startsService(List.of(arguments));
        quietenLog(service ? "route-check/test-log.xml" : null);
        if (List.of(RoutesCommand.NAME, DoctorCommand.NAME).contains(arguments[0])) {
            CompletableFuture.runAsync(() -> {
                leaveOutSecondCompiler();
                Check.load();
            });
        }
        return run(application, System::getenv, new Output(new PrintWriter(System.out), Output.isTerminal()),
                new Output(new PrintWriter(System.err), false), arguments);
    }

    /** Returns whether a command starts a service in this process, which needs its log. */
    private static boolean startsService(List<String> arguments) {
        return !Collections.disjoint(arguments, List.of("test", "rehearse"))
                || arguments.contains("reload") && !arguments.contains("--untested");
    }

    /**
     * Turns off HotSpot's second compiler. It takes as much CPU as the command itself, which ends before the compiled
     * code pays off (decision 0006). A jar cannot set {@code -XX:TieredStopAtLevel=1}. A compiler directive does the
     * same; it must be a file, as for {@code jcmd Compiler.directives_add}.
     */
    private static void leaveOutSecondCompiler() {
        try {
            Path directives = Files.createTempFile("directives", ".json");
            try {
                Files.writeString(directives, "[{match: \"*.*\", c2: {Exclude: true}}]");
                ManagementFactory.getPlatformMBeanServer().invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"), "compilerDirectivesAdd",
                        new Object[] {new String[] {directives.toString()}}, new String[] {String[].class.getName()});
            } finally {
                Files.delete(directives);
            }
        } catch (IOException | JMException | RuntimeException unavailable) {
            // The command only takes longer.
        }
    }

    /**
     * Turns off the log: commands print only their result.
     *
     * @param recorded configuration of the log of services that tests record; {@code null} for no log, since setting up
     *     a silent one would cost as much as any other
     */
    private static void quietenLog(String recorded) {
        if (recorded == null) {
            System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, NOP_FallbackServiceProvider.class.getName());
        } else {
            System.setProperty("logback.configurationFile", recorded);
        }
        System.setProperty(Reporter.SLF4J_INTERNAL_VERBOSITY_KEY, "WARN");
        // Spring Boot would configure it again with the start of each service, while others use it.
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
        LogManager.getLogManager().reset();
    }

    static int run(Class<?> application, UnaryOperator<String> environment, Output out, Output err,
            String... arguments) {
        return new CommandLine(new Commands()).addSubcommand(new RoutesCommand(application, environment))
                .setOut(out).setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(command.getCommandName() + ": " + reason(failure));
                    return COULD_NOT_RUN;
                })
                .execute(arguments);
    }

    private static String reason(Throwable failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        return cause instanceof NoSuchFileException missing ? "there is no " + missing.getFile()
                : cause instanceof NotDirectoryException file ? file.getFile() + " is not a folder"
                : cause instanceof CharacterCodingException ? "the file is not UTF-8"
                : cause.getMessage() == null ? cause.toString()
                : cause.getMessage().lines().findFirst().orElse("");
    }
}
