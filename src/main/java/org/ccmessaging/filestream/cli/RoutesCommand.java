package org.ccmessaging.filestream.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.routes.testing.Result;
import org.ccmessaging.filestream.routes.testing.Suite;
import org.ccmessaging.filestream.routes.testing.TestCase;
import org.ccmessaging.filestream.routes.testing.TestFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine;

/** The command {@code routes} and its subcommands. */
@Command(name = "routes", subcommands = CommandLine.HelpCommand.class,
        description = "Checks and tests the route files.")
final class RoutesCommand {

    @Spec
    private CommandSpec spec;

    private final Class<?> application;

    RoutesCommand(Class<?> application) {
        this.application = application;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Command(description = "Checks the route files and reports their errors together. Needs no port, store or secret."
            + " Exit status: 0, 1 if there are errors, 2 if it could not run.")
    int check(
            @Parameters(arity = "0..1", paramLabel = "DIR",
                    description = "The folder; default: the setting " + QuietApplication.FOLDER)
            Path folder) {
        QuietApplication quiet = QuietApplication.of(folder);
        Report report = quiet.check().run(quiet.files());
        report.lines().forEach(out()::println);
        return report.hasErrors() ? 1 : 0;
    }

    @Command(description = "Runs the tests in DIR/tests/*.test.yaml: the real service on a free port, real requests, a"
            + " store in memory. A step that calls another system needs a mock. Exit status: 0, 1 if a test failed or a"
            + " file has errors, 2 if it could not run.")
    int test(
            @Parameters(arity = "0..1", paramLabel = "DIR",
                    description = "The folder; default: the setting " + QuietApplication.FOLDER)
            Path folder,
            @Option(names = "--junit", paramLabel = "FILE", description = "Write the results as JUnit XML, for CI")
            Path junit) throws IOException {
        QuietApplication quiet = QuietApplication.of(folder);
        RouteFiles files = quiet.files();
        List<Result> results = new ArrayList<>();
        try {
            long start = System.nanoTime();
            List<TestCase> tests = TestFiles.read(files.folder());
            new Suite(application, files, quiet.settings().of(files), false).run(tests, result -> {
                results.add(result);
                if (!result.passed()) {
                    result.lines().forEach(out()::println);
                    out().println("");
                }
            });
            print(results, (System.nanoTime() - start) / 1e9);
        } catch (InvalidRoutesException failure) {
            failure.report().lines().forEach(out()::println);
            out().println("no test ran");
            return 1;
        }
        if (junit != null) {
            JUnitXml.write(results, junit);
        }
        return failed(results) == 0 ? 0 : 1;
    }

    private static long failed(List<Result> results) {
        return results.stream().filter(result -> !result.passed()).count();
    }

    private void print(List<Result> results, double seconds) {
        Result.skipped(results).forEach(out()::println);
        long skipped = results.stream().filter(Result::skipped).count();
        out().println(String.format(Locale.ROOT, "%d tests, %d failed, %s%.1f s", results.size(), failed(results),
                skipped == 0 ? "" : skipped + " skipped, ", seconds));
    }
}
