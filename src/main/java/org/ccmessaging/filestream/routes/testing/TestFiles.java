package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.TestSchema;
import org.ccmessaging.filestream.routes.check.Value;

/** Reads the test files of a folder of routes. */
public final class TestFiles {

    /** Maximum size of a test file, in bytes. */
    private static final int LARGEST = 1024 * 1024;

    private TestFiles() {
    }

    /**
     * Reads {@code tests/*.test.yaml} of a folder of routes, as the user named it, in the order of files and places.
     *
     * @throws UncheckedIOException if the folder or a file cannot be read, or a file is too large
     * @throws InvalidRoutesException if a file has a mistake
     */
    public static List<TestCase> read(Path routes) {
        Path folder = routes.resolve("tests");
        SortedMap<Path, byte[]> contents = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, TestFiles::isOne)) {
            for (Path file : files) {
                contents.put(file, RouteFiles.bytes(routes, file, LARGEST));
                if (contents.get(file).length > LARGEST) {
                    throw new IOException(file + " is larger than " + LARGEST + " bytes");
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the tests in " + folder + " cannot be read", unreadable);
        }
        return parse(contents);
    }

    /** Hidden files belong to editors. */
    private static boolean isOne(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".test.yaml") && !name.startsWith(".") && !Files.isDirectory(file);
    }

    static List<TestCase> parse(Map<Path, byte[]> files) {
        Findings findings = new Findings();
        List<TestCase> tests = new ArrayList<>();
        files.forEach((file, bytes) -> TestSchema.parse(file, bytes, findings)
                .forEach(test -> tests.add(TestCase.of(test))));
        if (findings.hasErrors()) {
            throw new InvalidRoutesException(new Report(files.size(), findings.sorted()));
        }
        return tests;
    }

    /** Returns a test that the service makes; empty if it has a character that YAML has not. */
    static Optional<TestCase> of(JsonNode test) {
        return Value.parse(Path.of("(made)"), ("[" + test + "]").getBytes(StandardCharsets.UTF_8), new Findings())
                .map(tests -> TestCase.of(tests.items().get(0)));
    }
}
