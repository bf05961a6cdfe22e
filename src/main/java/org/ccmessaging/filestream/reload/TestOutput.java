package org.ccmessaging.filestream.reload;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Makes of what {@code routes test} prints one line for each thing that is wrong, with file and line.
 *
 * <p>A failure there is {@code FAILED  name}, and then, for each expectation, {@code place  what}, lines with
 * {@code -} for what was expected, and lines with {@code +} for what came.
 */
final class TestOutput {

    private static final String FAILED = "FAILED  ";
    private static final String EXPECTED = "    - ";
    private static final String ACTUAL = "    + ";
    private static final String LOG = "    log: ";
    private static final int LONGEST = 300;

    /** They count what the lines say, and what is not wrong. */
    private static final Pattern SUMMARY = Pattern.compile("\\d+ tests?(, \\d+ failed, | skipped: ).*");

    private final Path copy;
    private final Path folder;
    private final List<String> errors = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();
    private final List<String> actual = new ArrayList<>();
    private String test;
    private String mismatch;

    private TestOutput(Path copy, Path folder) {
        this.copy = copy;
        this.folder = folder;
    }

    /**
     * Returns the errors in what a run has printed.
     *
     * @param copy the folder that was tested
     * @param folder the folder that people know, which takes its place
     */
    static List<String> errors(List<String> lines, Path copy, Path folder) {
        TestOutput output = new TestOutput(copy, folder);
        lines.forEach(output::read);
        output.endMismatch();
        return List.copyOf(output.errors);
    }

    private void read(String line) {
        if (line.startsWith(FAILED)) {
            endMismatch();
            test = line.substring(FAILED.length());
        } else if (line.isBlank() || SUMMARY.matcher(line).matches()) {
            endMismatch();
            test = null;
        } else if (test == null) {
            add(line);
        } else if (line.startsWith(EXPECTED)) {
            expected.add(line.substring(EXPECTED.length()));
        } else if (line.startsWith(ACTUAL)) {
            actual.add(line.substring(ACTUAL.length()));
        } else if (line.startsWith(LOG)) {
            endMismatch();
            add(line);
        } else {
            endMismatch();
            mismatch = line;
        }
    }

    private void endMismatch() {
        if (mismatch != null) {
            add(mismatch + ": expected " + String.join(", ", expected) + "; came " + String.join(", ", actual)
                    + " (test \"" + test + "\")");
        }
        mismatch = null;
        expected.clear();
        actual.clear();
    }

    private void add(String line) {
        String named = line.replace(copy + "/", folder.toString().isEmpty() ? "" : folder + "/");
        errors.add(named.length() > LONGEST ? named.substring(0, LONGEST) + "…" : named);
    }
}
