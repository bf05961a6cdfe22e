package org.ccmessaging.filestream.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown file, as GitHub reads it.
 *
 * @param path of the file, below the folder whose documents it belongs to
 */
record Document(Path path, String text) {

    private static final Set<String> NOT_OURS = Set.of("target", "node_modules");

    private static final Pattern FENCED = Pattern.compile("(?ms)^ *(```+|~~~+).*?^ *\\1`*$");
    private static final Pattern CODE = Pattern.compile("(`+)[^`].*?\\1");
    private static final Pattern INLINE = Pattern.compile("]\\(\\s*<?([^)\\s>]+)>?(?:\\s+\"[^\"]*\")?\\s*\\)");
    private static final Pattern REFERENCE = Pattern.compile("(?m)^ {0,3}\\[[^]]+]: *<?([^\\s>]+)>?");
    private static final Pattern USE_OF_REFERENCE = Pattern.compile("]\\[([^]\n]+)]");
    private static final Pattern HTML = Pattern.compile("<(?:a|img)\\b[^>]*\\b(?:href|src)=\"([^\"]+)\"");
    private static final Pattern ELSEWHERE = Pattern.compile("(?i)([a-z][a-z0-9+.-]*:|//).*");
    private static final Pattern HEADING = Pattern.compile("(?m)^ {0,3}#{1,6} +(.*?)(?: +#+)? *$");
    private static final Pattern LINK_IN_HEADING = Pattern.compile("!?\\[([^]]*)]\\([^)]*\\)");
    private static final Pattern LINE_OF_CODE = Pattern.compile("L\\d+(-L\\d+)?");

    /** A link to a file of the repository, or to a heading, and the line where it begins. */
    record Link(int line, String target) {
    }

    static Document read(Path path) {
        try {
            return new Document(path, Files.readString(path));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(path.toString(), unreadable);
        }
    }

    /** Every document of a folder and the folders in it, without what builds and package managers put there. */
    static List<Document> all(Path folder) {
        Set<Path> found = new TreeSet<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    String name = directory.equals(folder) ? "" : directory.getFileName().toString();
                    return name.startsWith(".") || NOT_OURS.contains(name)
                            ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().endsWith(".md")) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return found.stream().map(Document::read).toList();
    }

    /** Links that lead nowhere, each with file and line. */
    List<String> brokenLinks(Path folder) {
        return Stream.concat(links().stream().filter(link -> !resolves(link.target(), folder)), undefined())
                .map(link -> path + ":" + link.line() + " links to " + link.target()).toList();
    }

    /** Links but those to other sites. */
    private List<Link> links() {
        String prose = prose();
        List<Link> links = new ArrayList<>();
        Stream.of(INLINE, REFERENCE, HTML).flatMap(kind -> kind.matcher(prose).results())
                .filter(link -> !ELSEWHERE.matcher(link.group(1)).matches())
                .forEach(link -> links.add(new Link(lineAt(link.start(1)), link.group(1))));
        return links;
    }

    /** Links by a reference that the document does not define. */
    private Stream<Link> undefined() {
        String prose = prose();
        return USE_OF_REFERENCE.matcher(prose).results()
                .filter(use -> !prose.contains("\n[" + use.group(1) + "]: "))
                .map(use -> new Link(lineAt(use.start(1)), "[" + use.group(1) + "]"));
    }

    /** The text without code, in which nothing is a link. */
    private String prose() {
        return blank(CODE, blank(FENCED, text));
    }

    private int lineAt(int offset) {
        return (int) text.substring(0, offset).chars().filter(character -> character == '\n').count() + 1;
    }

    private boolean resolves(String target, Path folder) {
        String[] parts = target.split("#", 2);
        Path file = (parts[0].isEmpty() ? path : path.resolveSibling(decoded(parts[0]))).toAbsolutePath().normalize();
        if (!file.startsWith(folder.toAbsolutePath().normalize()) || !Files.exists(file)) {
            return false;
        }
        if (parts.length == 1) {
            return true;
        }
        return file.toString().endsWith(".md") ? read(file).anchors().contains(decoded(parts[1]))
                : LINE_OF_CODE.matcher(parts[1]).matches();
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The anchors that GitHub gives the headings; one that comes again gets a number. */
    Set<String> anchors() {
        Set<String> anchors = new TreeSet<>();
        Map<String, Integer> seen = new HashMap<>();
        HEADING.matcher(blank(FENCED, text)).results().map(heading -> anchor(heading.group(1)))
                .forEach(anchor -> {
                    int before = seen.merge(anchor, 1, Integer::sum) - 1;
                    anchors.add(before == 0 ? anchor : anchor + "-" + before);
                });
        return anchors;
    }

    private static String anchor(String heading) {
        return LINK_IN_HEADING.matcher(heading).replaceAll("$1").strip().toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc} -]", "").replace(' ', '-');
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
