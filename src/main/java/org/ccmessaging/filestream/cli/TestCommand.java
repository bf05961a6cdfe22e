package org.ccmessaging.filestream.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;
import org.ccmessaging.filestream.routes.testing.Coverage;
import org.ccmessaging.filestream.routes.testing.JUnitXml;
import org.ccmessaging.filestream.routes.testing.Result;
import org.ccmessaging.filestream.routes.testing.Suite;
import org.ccmessaging.filestream.routes.testing.TestFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code routes test}. */
@Command(name = TestCommand.NAME, description = "Runs the tests in DIR/tests/*.test.yaml: the real service on a"
        + " free port, real requests, a store in memory. Needs nothing else. Exit status: 0, 1 if"
        + " a test failed, too few steps ran or a file has errors, 2 if it could not run.")
final class TestCommand implements Callable<Integer> {

    static final String NAME = "test";

    @ParentCommand
    private RoutesCommand routes;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "The folder; default: the setting "
            + QuietApplication.FOLDER)
    private Path folder;

    @Option(names = "--coverage", description = "Print for each route which steps ran")
    private boolean withCoverage;

    @Option(names = "--min-coverage", paramLabel = "PERCENT", description = "Fail if fewer of all steps ran")
    private int least;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the results as JUnit XML, for CI")
    private Path junit;

    @Option(names = "--smoke", description = "Run the built-in smoke tests of the safety rules, too: 401 without good"
            + " credentials, and no file of another tenant")
    private boolean smoke;

    @Option(names = "--schema", description = "Print the JSON schema of test files, for editors, and do nothing else")
    private boolean schema;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (schema) {
            out.print(TestFiles.schema());
            out.flush();
            return 0;
        }
        long start = System.nanoTime();
        QuietApplication quiet = QuietApplication.of(folder);
        RouteFiles tested = quiet.files();
        List<Result> results = new ArrayList<>();
        Coverage coverage;
        try {
            coverage = new Suite(routes.application(), tested, quiet.settings().of(tested), false)
                    .run(TestFiles.read(tested.folder()), smoke, result -> {
                        results.add(result);
                        if (!result.passed()) {
                            result.lines().forEach(out::println);
                            out.println();
                        }
                    });
        } catch (InvalidRoutesException | RoutesNotStartedException failed) {
            (failed instanceof InvalidRoutesException invalid ? invalid.report().lines()
                    : List.of(failed.getMessage())).forEach(out::println);
            out.println("no test ran");
            return 1;
        }
        if (junit != null) {
            JUnitXml.write(results, junit);
        }
        return summary(results, coverage, System.nanoTime() - start, out);
    }

    private int summary(List<Result> results, Coverage coverage, long nanos, PrintWriter out) {
        if (withCoverage) {
            coverage.lines().forEach(out::println);
        }
        long failed = results.stream().filter(result -> !result.passed()).count();
        boolean tooFew = coverage.percent() < least;
        if (tooFew) {
            out.println(coverage.percent() + " % of the steps ran, and --min-coverage is " + least
                    + (withCoverage ? "" : "; --coverage prints which did not"));
        }
        Result.skipped(results).forEach(out::println);
        long skipped = results.stream().filter(Result::skipped).count();
        out.println(String.format(Locale.ROOT, "%d tests, %d failed, %s%d %% of the steps, %.1f s", results.size(),
                failed, skipped == 0 ? "" : skipped + " skipped, ", coverage.percent(), nanos / 1e9));
        return failed > 0 || tooFew ? 1 : 0;
    }
}
