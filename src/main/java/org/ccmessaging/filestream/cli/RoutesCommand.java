package org.ccmessaging.filestream.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.RoutesTexts;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.RuleTexts;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.routes.language.RouteSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine;

/** The command {@code routes} and its subcommands. */
@Command(name = RoutesCommand.NAME,
        description = "Checks and shows the route files, and changes the routes of a running service.",
        subcommands = {CommandLine.HelpCommand.class, TestCommand.class})
final class RoutesCommand {

    static final String NAME = "routes";

    /** Time between two readings of a folder that is watched. */
    private static final long TURN_MILLIS = 50;

    /** Output formats of findings. */
    enum Format { TEXT, SARIF }

    @Spec
    private CommandSpec spec;

    private final Class<?> application;
    private final UnaryOperator<String> environment;

    RoutesCommand(Class<?> application, UnaryOperator<String> environment) {
        this.application = application;
        this.environment = environment;
    }

    Class<?> application() {
        return application;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    @Command(description = "Checks the route files and reports all errors at once. Needs no port, store or secret."
            + " Exit status: 0, 1 if there are errors, 2 if it could not run.")
    int check(
            @Parameters(arity = "0..1", paramLabel = "DIR",
                    description = "The folder; default: the setting " + QuietApplication.FOLDER)
            Path folder,
            @Option(names = "--format", defaultValue = "text", paramLabel = "text|sarif",
                    description = "How to print the findings: for people, or for programs as SARIF 2.1.0")
            Format format,
            @Option(names = "--watch", description = "Check again after each save, until the command is ended. Prints a"
                    + " finding in one line, for .vscode/tasks.json")
            boolean watch) throws IOException, InterruptedException {
        if (folder != null && !Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        QuietApplication quiet = QuietApplication.of(folder);
        RouteFiles files = quiet.files();
        while (watch) {
            out().println("checking " + files.folder());
            Report report = quiet.check().run(files);
            report.findings().stream().map(Report::line).forEach(out()::println);
            out().println(report.summary());
            files = next(files);
        }
        Report report = quiet.check().run(files);
        (format == Format.TEXT ? report.lines().stream() : Sarif.of(report).lines()).forEach(out()::println);
        return report.hasErrors() ? 1 : 0;
    }

    /** Returns the files after their next change. Editors write in steps, so two readings in a row must be the same. */
    private static RouteFiles next(RouteFiles checked) throws InterruptedException {
        RouteFiles before = checked;
        while (true) {
            Thread.sleep(TURN_MILLIS);
            try {
                RouteFiles now = RouteFiles.read(checked.folder());
                if (now.isSame(before) && !now.isSame(checked)) {
                    return now;
                }
                before = now;
            } catch (UncheckedIOException meanwhile) {
                // A file went away while the folder was read.
                before = checked;
            }
        }
    }

    @Command(description = "Explains a rule, with an example before and after.")
    int explain(@Parameters(paramLabel = "CODE", description = "The code of a finding, such as R102") String code) {
        Map<String, RuleTexts> rules = RuleTexts.all();
        RuleTexts rule = rules.get(code.toUpperCase(Locale.ROOT));
        if (rule == null) {
            throw new CommandLine.ParameterException(spec.subcommands().get("explain"), "no rule " + code
                    + "; the rules: " + String.join(", ", rules.keySet()));
        }
        out().println(code.toUpperCase(Locale.ROOT) + "  " + rule.title());
        out().println();
        rule.why().lines().forEach(out()::println);
        example("before:", rule.before());
        example("after:", rule.after());
        return 0;
    }

    private void example(String title, String yaml) {
        if (!yaml.isEmpty()) {
            out().println();
            out().println(title);
            yaml.lines().forEach(line -> out().println("    " + line));
        }
    }

    @Command(description = "Lists what route files may name, with descriptions.")
    int list(@Parameters(arity = "0..1", defaultValue = "routes",
            paramLabel = "routes|beans|steps|functions|members|variables|headers|failures|components",
            description = "What to list")
            Listing listing) {
        RunSettings settings = QuietApplication.of(null).settings();
        Map<String, String> names = listing.of(read(settings.routes().directory(), settings.language(),
                settings.environment()::getProperty), settings.language());
        int width = names.keySet().stream().mapToInt(String::length).max().orElse(1);
        names.forEach((name, text) -> out().println((name + " ".repeat(width - name.length() + 2) + text).strip()));
        return 0;
    }

    @Command(description = "Prints the JSON schema of route files, for editors.")
    int schema() {
        new RouteSchema(QuietApplication.of(null).settings().language()).json().toPrettyString().lines()
                .forEach(out()::println);
        return 0;
    }

    @Command(description = "Shows the active routes of a running service.")
    int status(@Mixin RunningService service,
            @Option(names = "--follow", description = "Before that, print each stage of the edit in progress, with the"
                    + " time when it began")
            boolean follow) throws InterruptedException {
        service.logIn(environment);
        RoutesTexts.lines(follow ? service.follow(out()::println) : service.state()).forEach(out()::println);
        return 0;
    }

    @Command(description = "Lists the last generations of a running service, the newest first.")
    int history(@Mixin RunningService service) {
        RoutesTexts.history(service.logIn(environment).state()).forEach(out()::println);
        return 0;
    }

    @Command(description = "Activates the files in the folder of a running service, after it has proven them here:"
            + " routes check, routes test and routes rehearse. Exit status: 0, 1 if they are rejected or fail a"
            + " proof, 2 if they were not tried, changed meanwhile, or the command could not run.")
    int reload(@Mixin RunningService service,
            @Option(names = "--untested", description = "Leave the proofs out, such as after a pipeline, or where the"
                    + " folder is not")
            boolean untested,
            @Option(names = "--accept", description = "Activate the files for all sessions at once, without a canary,"
                    + " and also if the rehearsal loses requests or has too few")
            boolean accept) throws InterruptedException {
        service.logIn(environment);
        int proven = untested ? 0 : new Proof(this, service).of(accept);
        return proven == 0 ? print(service.run(accept ? "reload/accept" : "reload")) : proven;
    }

    @Command(description = "Replays the last requests of customers, which a running service keeps, with its active"
            + " files and then with those of DIR, and prints in numbered groups what differs. The requests name"
            + " tenants and files of customers: the audit log of the service has a line for each call. Exit status:"
            + " 0, 1 if requests are lost or a file has errors, 2 if there are too few results or it could not run.")
    int rehearse(@Mixin RunningService service,
            @Parameters(arity = "0..1", paramLabel = "DIR", description = "The folder; default: the setting "
                    + QuietApplication.FOLDER)
            Path folder,
            @Option(names = "--as-test", paramLabel = "N", description = "Print a test of one request of group N"
                    + " instead: its outcome with the active files. It names a file of a customer")
            Integer group) throws InterruptedException {
        service.logIn(environment);
        return new Proof(this, service).rehearse(folder, group);
    }

    @Command(description = "Gives the canary of a running service to all sessions, before filestream.routes.watch is"
            + " over.")
    int promote(@Mixin RunningService service) {
        return print(service.logIn(environment).run("promote"));
    }

    @Command(description = "Activates an older generation of a running service, until the files change. Exit status:"
            + " 0, 1 if it is rejected, 2 if the command could not run.")
    int rollback(@Mixin RunningService service,
            @Parameters(arity = "0..1", paramLabel = "N",
                    description = "Its number; without it, the one that was active before and was not rolled back")
            Integer number) {
        service.logIn(environment);
        if (number != null) {
            return print(service.run("rollback/" + number));
        }
        Served before = service.state().before();
        out().println("back to generation " + before.number() + ", which served since " + before.since() + " by "
                + before.by());
        return print(service.run("rollback/" + before.number()));
    }

    private int print(Attempt attempt) {
        RoutesTexts.lines(attempt).forEach(out()::println);
        return attempt.outcome().couldNotRun() ? Commands.COULD_NOT_RUN : attempt.outcome().isFailure() ? 1 : 0;
    }

    private static RouteSet read(Path folder, RouteLanguage language, UnaryOperator<String> settings) {
        RouteSet set = RouteSet.read(RouteFiles.read(folder), language, settings, new Findings());
        if (!set.isComplete()) {
            throw new IllegalArgumentException("not every file in " + folder + " is YAML: `routes check " + folder
                    + "` says where");
        }
        return set;
    }
}
