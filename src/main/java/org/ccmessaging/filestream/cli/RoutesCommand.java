package org.ccmessaging.filestream.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.RoutesTexts;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RuleTexts;
import org.ccmessaging.filestream.routes.language.RouteSchema;
import org.ccmessaging.filestream.routes.testing.Suite;
import org.ccmessaging.filestream.routes.testing.TestFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine;

/** The command {@code routes} and its subcommands. */
@Command(name = RoutesCommand.NAME, subcommands = CommandLine.HelpCommand.class,
        description = "Checks and shows the route files, and changes the routes of a running service.")
final class RoutesCommand {

    static final String NAME = "routes";

    @Spec
    private CommandSpec spec;

    private final Class<?> application;
    private final UnaryOperator<String> environment;

    RoutesCommand(Class<?> application, UnaryOperator<String> environment) {
        this.application = application;
        this.environment = environment;
    }

    Output out() {
        return (Output) spec.commandLine().getOut();
    }

    Output err() {
        return (Output) spec.commandLine().getErr();
    }

    /** @param checked whether the files have passed the check */
    Suite suite(QuietApplication quiet, RouteFiles files, boolean checked) {
        return new Suite(application, files, quiet.settings().of(files), checked);
    }

    @Command(description = "Checks the route files and reports their errors together. Needs no port, store or secret."
            + " Exit status: 0, 1 if there are errors, 2 if it could not run.")
    int check(
            @Parameters(arity = "0..1", paramLabel = "DIR",
                    description = "The folder; default: the setting " + QuietApplication.FOLDER)
            Path folder) throws NoSuchFileException {
        if (folder != null && !Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        QuietApplication quiet = QuietApplication.of(folder);
        Report report = quiet.check().run(quiet.files());
        report.lines().forEach(out()::println);
        return report.hasErrors() ? 1 : 0;
    }

    @Command(description = "Runs the tests in DIR/tests/*.test.yaml: the real service on a free port, real requests, a"
            + " store in memory. Needs nothing else. Exit status: 0, 1 if a test failed, too few steps ran or a file"
            + " has errors, 2 if it could not run.")
    int test(
            @Parameters(arity = "0..1", paramLabel = "DIR",
                    description = "The folder; default: the setting " + QuietApplication.FOLDER)
            Path folder,
            @Option(names = "--coverage", description = "Print for each route which steps ran")
            boolean withCoverage,
            @Option(names = "--min-coverage", paramLabel = "PERCENT", description = "Fail if fewer of all steps ran")
            int least,
            @Option(names = "--junit", paramLabel = "FILE", description = "Write the results as JUnit XML, for CI")
            Path junit,
            @Option(names = "--schema", description = "Print the JSON schema of test files, for editors, and do"
                    + " nothing else")
            boolean schema) throws IOException {
        if (schema) {
            out().print(TestFiles.schema());
            out().flush();
            return 0;
        }
        out().stage("reading the settings and the tests");
        QuietApplication quiet = QuietApplication.of(folder);
        Optional<TestRun> tests = TestRun.of(suite(quiet, quiet.files(), false), out());
        if (tests.isEmpty()) {
            return 1;
        }
        TestRun run = tests.get();
        if (junit != null) {
            JUnitXml.write(run.results(), junit);
        }
        if (withCoverage) {
            run.coverage().lines().forEach(out()::println);
        }
        boolean tooFew = run.coverage().percent() < least;
        if (tooFew) {
            out().println(run.coverage().percent() + " % of the steps ran, and --min-coverage is " + least
                    + (withCoverage ? "" : "; --coverage prints which did not"));
        }
        run.summary().forEach(out()::println);
        return run.passed() && !tooFew ? 0 : 1;
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
    int list(@Parameters(paramLabel = "beans|steps|fields|functions|members|variables|headers|failures|components",
            description = "What to list")
            Listing listing) {
        Map<String, String> names = listing.of(QuietApplication.of(null).settings().language());
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
}
