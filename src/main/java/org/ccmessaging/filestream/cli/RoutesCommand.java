package org.ccmessaging.filestream.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.RoutesReport;
import org.ccmessaging.filestream.reload.RoutesReport.Generation;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.RuleTexts;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.routes.language.RouteSchema;
import org.ccmessaging.filestream.routes.testing.RunSettings;
import org.ccmessaging.filestream.routes.testing.Suite;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code routes} and its subcommands. */
@Command(name = "routes", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        description = "Checks and shows the route files, and changes the routes of a running service.%n",
        subcommands = CommandLine.HelpCommand.class)
final class RoutesCommand implements Runnable {

    private static final String SETTING = "filestream.routes.directory";

    @Spec
    private CommandSpec spec;

    private final Class<?> application;
    private final QuietApplication quiet;
    private final UnaryOperator<String> environment;

    /**
     * @param application the class of the Spring application
     * @param quiet reads the settings
     * @param environment the environment variables by name
     */
    RoutesCommand(Class<?> application, QuietApplication quiet, UnaryOperator<String> environment) {
        this.application = application;
        this.quiet = quiet;
        this.environment = environment;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Command(mixinStandardHelpOptions = true, description = "Finds all that is wrong with the routes at once. Opens no"
            + " port, needs no store and no secret. Exit status: 0, 1 if there are errors, 2 if it could not run.")
    int check(
            @Parameters(arity = "0..1", paramLabel = "DIR",
                    description = "The folder; without it, the one of " + SETTING)
            Path folder,
            @Option(names = "--format", defaultValue = "text", paramLabel = "text|json|sarif",
                    description = "How to print the findings")
            Format format,
            @Option(names = "--smoke", description = "Start the service with the routes, too, and send it the built-in"
                    + " requests: credentials are needed, each branch gives a file, and none gives another tenant's")
            boolean smoke) throws IOException {
        if (folder != null && !Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        List<Supplier<Integer>> next = new ArrayList<>();
        int status = quiet.with(context -> {
            Path directory = folder != null ? folder : Path.of(context.getEnvironment().getRequiredProperty(SETTING));
            RouteFiles files = RouteFiles.read(directory);
            Report report = context.getBean(Check.class).run(files);
            format.print(report, out());
            if (smoke && !report.hasErrors()) {
                Suite suite = new Suite(application, directory, RunSettings.of(context, files), event -> { });
                next.add(() -> smoke(suite));
            }
            return report.hasErrors() ? 1 : 0;
        });
        return next.isEmpty() ? status : next.get(0).get();
    }

    private int smoke(Suite suite) {
        List<String> failures = new ArrayList<>();
        suite.runWithSmoke(List.of(), result -> failures.addAll(result.messages()));
        failures.forEach(out()::println);
        return failures.isEmpty() ? 0 : 1;
    }

    @Command(mixinStandardHelpOptions = true, description = "Explains a rule: why it is one, and an example before and"
            + " after.")
    int explain(@Parameters(paramLabel = "CODE", description = "The code of a finding, such as R101") String code) {
        Optional<RuleTexts> rule = RuleTexts.of(code.toUpperCase(Locale.ROOT));
        if (rule.isEmpty()) {
            throw new CommandLine.ParameterException(spec.subcommands().get("explain"), "no rule " + code
                    + "; the rules: " + String.join(", ", RuleTexts.all().keySet()));
        }
        Explanation.print(rule.get(), out());
        return 0;
    }

    @Command(mixinStandardHelpOptions = true, description = "Lists what route files may name, each with what it is.")
    int list(@Parameters(arity = "0..1", defaultValue = "routes",
            paramLabel = "routes|beans|steps|functions|members|variables|headers|failures|components",
            description = "What to list")
            Listing listing) {
        return quiet.with(context -> {
            RouteSet set = read(Path.of(context.getEnvironment().getRequiredProperty(SETTING)),
                    context.getEnvironment()::getProperty);
            Map<String, String> names = listing.of(set, context.getBean(RouteLanguage.class));
            int width = names.keySet().stream().mapToInt(String::length).max().orElse(1);
            names.forEach((name, text) -> out().println((name + " ".repeat(width - name.length() + 2) + text).strip()));
            return 0;
        });
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows the steps of the routes in order.")
    int diagram(
            @Parameters(arity = "0..1", paramLabel = "ID", description = "One route; without it, all") String id,
            @Option(names = "--mermaid", description = "As a flowchart in the language of Mermaid, with the routes"
                    + " that the route calls") boolean mermaid,
            @Option(names = "--dir", paramLabel = "DIR", defaultValue = "routes", description = "The folder")
            Path folder) {
        RouteSet set = read(folder, key -> null);
        List<Route> routes = set.routes().stream().filter(route -> id == null || route.id().equals(id)).toList();
        if (routes.isEmpty()) {
            throw new IllegalArgumentException("no route " + (id == null ? "" : id + " ") + "in " + folder);
        }
        List<String> drawn = id == null ? MermaidDiagram.of(set, routes) : MermaidDiagram.from(set, routes.get(0));
        (mermaid ? drawn : Diagram.of(routes)).forEach(out()::println);
        return 0;
    }

    @Command(mixinStandardHelpOptions = true, description = "Prints the JSON schema of route files, for editors.")
    int schema() {
        return quiet.with(context -> {
            out().println(RouteSchema.of(context.getBean(RouteLanguage.class)).toPrettyString());
            return 0;
        });
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows which routes a running service serves.")
    int status(@Mixin ServiceOptions service) {
        try (RunningService running = service.logIn(environment)) {
            StateText.status(running.state()).forEach(out()::println);
            return 0;
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "Lists the last generations of a running service, the"
            + " newest first.")
    int history(@Mixin ServiceOptions service) {
        try (RunningService running = service.logIn(environment)) {
            StateText.history(running.state()).forEach(out()::println);
            return 0;
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "Makes the files in the folder of a running service serve."
            + " Exit status: 0, 1 if they are rejected, 2 if they were not tried, changed meanwhile, or it could not"
            + " run.")
    int reload(@Mixin ServiceOptions service) {
        try (RunningService running = service.logIn(environment)) {
            return print(running.run("reload"));
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "Makes an older generation of a running service serve"
            + " again, until the files change. Exit status: 0, 1 if it is rejected, 2 if it could not run.")
    int rollback(@Mixin ServiceOptions service,
            @Parameters(arity = "0..1", paramLabel = "N",
                    description = "Its number; without it, the one that served before and was not undone")
            Integer number) {
        try (RunningService running = service.logIn(environment)) {
            if (number != null) {
                return print(running.run("rollback/" + number));
            }
            Generation before = StateText.before(running.state());
            out().println("back to generation " + before.number() + ", which served since " + before.since() + " by "
                    + before.by());
            return print(running.run("rollback/" + before.number()));
        }
    }

    private int print(Attempt attempt) {
        RoutesReport.lines(attempt).forEach(out()::println);
        return switch (attempt.outcome()) {
            case "untried", "superseded" -> Commands.COULD_NOT_RUN;
            default -> attempt.failed() ? 1 : 0;
        };
    }

    private static RouteSet read(Path folder, UnaryOperator<String> settings) {
        RouteSet set = RouteSet.read(folder, settings, new Findings());
        if (!set.complete()) {
            throw new IllegalArgumentException("not every file in " + folder + " is YAML: `routes check " + folder
                    + "` says where");
        }
        return set;
    }
}
