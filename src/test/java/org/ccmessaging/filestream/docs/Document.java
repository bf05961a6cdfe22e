package org.ccmessaging.filestream.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Markdown file of the repository, as GitHub reads it. */
record Document(Path path, String text) {

    private static final Pattern NOT_OURS = Pattern.compile("\\..*|target|node_modules");
    private static final Pattern FENCED = Pattern.compile("(?ms)^ *```+.*?^ *```+$");
    private static final Pattern CODE = Pattern.compile("(`+)[^`].*?\\1");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("(?i)([a-z][a-z0-9+.-]*:|//).*");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*?) *$");
    private static final Path REPOSITORY = Path.of("").toAbsolutePath();

    static Document read(Path path) {
        try {
            return new Document(path, Files.readString(path));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(path.toString(), unreadable);
        }
    }

    /** Every document of the repository, without what builds and package managers put there. */
    static List<Document> all() {
        try (Stream<Path> entries = Files.list(Path.of(""))) {
            return entries.filter(entry -> !NOT_OURS.matcher(entry.getFileName().toString()).matches())
                    .flatMap(Document::below).filter(file -> file.toString().endsWith(".md")).sorted()
                    .map(Document::read).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Stream<Path> below(Path entry) {
        try {
            return Files.walk(entry);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Links to files of the repository or to headings that lead nowhere, each with file and line. */
    List<String> brokenLinks() {
        // Nothing in code is a link.
        String prose = blank(CODE, blank(FENCED, text));
        return LINK.matcher(prose).results().filter(link -> !ELSEWHERE.matcher(link.group(1)).matches())
                .filter(link -> !resolves(link.group(1)))
                .map(link -> path + ":" + lineAt(link.start(1)) + " links to " + link.group(1)).toList();
    }

    private int lineAt(int offset) {
        return (int) text.substring(0, offset).chars().filter(character -> character == '\n').count() + 1;
    }

    private boolean resolves(String target) {
        String[] parts = target.split("#", 2);
        Path file = (parts[0].isEmpty() ? path : path.resolveSibling(decoded(parts[0]))).toAbsolutePath().normalize();
        return file.startsWith(REPOSITORY) && Files.exists(file) && (parts.length == 1
                || file.toString().endsWith(".md") && read(file).anchors().contains(decoded(parts[1])));
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The anchors that GitHub gives the headings. */
    Set<String> anchors() {
        return HEADING.matcher(blank(FENCED, text)).results().map(heading -> heading.group(1).toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc} -]", "").replace(' ', '-')).collect(Collectors.toSet());
    }

    /** Puts blanks in the place of what is matched, so that all else keeps its place. */
    private static String blank(Pattern what, String text) {
        return what.matcher(text).replaceAll(found -> found.group().replaceAll("[^\n]", " "));
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
