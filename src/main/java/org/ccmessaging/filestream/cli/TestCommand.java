package org.ccmessaging.filestream.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ccmessaging.filestream.routes.testing.Coverage;
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
        Progress progress = new Progress(out);
        progress.stage("reading the settings and the tests");
        QuietApplication quiet = QuietApplication.of(folder);
        Optional<TestRun> run = TestRun.of(routes, quiet, quiet.files(), false, progress);
        if (run.isEmpty()) {
            return 1;
        }
        if (junit != null) {
            JUnitXml.write(run.get().results(), junit);
        }
        Coverage coverage = run.get().coverage();
        if (withCoverage) {
            coverage.lines().forEach(out::println);
        }
        boolean tooFew = coverage.percent() < least;
        if (tooFew) {
            out.println(coverage.percent() + " % of the steps ran, and --min-coverage is " + least
                    + (withCoverage ? "" : "; --coverage prints which did not"));
        }
        run.get().summary().forEach(out::println);
        return run.get().passed() && !tooFew ? 0 : 1;
    }
}
