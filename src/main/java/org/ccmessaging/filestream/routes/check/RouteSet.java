package org.ccmessaging.filestream.routes.check;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Value.Member;

/**
 * All route files of a folder, and what they hold.
 *
 * @param folder the folder as the user named it
 * @param files the files whose text is YAML, by name
 * @param found how many route files the folder has
 * @param routes the routes in the order of files and places
 * @param configurations the routeConfigurations
 * @param settings the value of a setting by its key, or {@code null}
 */
public record RouteSet(Path folder, List<RouteFile> files, int found, List<Route> routes,
        List<Configuration> configurations, UnaryOperator<String> settings) {

    private static final int LARGEST = RouteFiles.LARGEST;

    /** {@code {{key}}}, {@code {{?key}}} and {@code {{key:default}}}. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([^{}:]+)(?::([^{}]*))?}}");

    /**
     * Reads all route files of a folder.
     *
     * @param folder as the user named it
     * @param settings the value of a setting by its key, or {@code null}
     * @param findings takes what is wrong with the files as texts
     * @throws UncheckedIOException if the folder or a file cannot be read
     */
    public static RouteSet read(Path folder, UnaryOperator<String> settings, Findings findings) {
        return read(RouteFiles.read(folder), settings, findings);
    }

    /**
     * Parses route files.
     *
     * @param settings the value of a setting by its key, or {@code null}
     * @param findings takes what is wrong with the files as texts
     * @throws UncheckedIOException if their folder cannot be listed
     */
    public static RouteSet read(RouteFiles files, UnaryOperator<String> settings, Findings findings) {
        Folder.check(files.folder(), findings);
        List<RouteFile> parsed = new ArrayList<>();
        if (files.contents().values().stream().mapToLong(bytes -> bytes.length).filter(size -> size <= LARGEST).sum()
                > LARGEST) {
            findings.error("R009", Place.of(files.folder()), "the route files are more than " + LARGEST
                    + " bytes, the most of all together", "move out what is no route");
        } else {
            files.contents().forEach((file, bytes) -> {
                if (bytes.length > LARGEST) {
                    findings.error("R009", Place.of(file), "more than " + LARGEST + " bytes, the most of a route file");
                } else {
                    RouteFile.parse(file, bytes, findings).ifPresent(parsed::add);
                }
            });
        }
        return of(files.folder(), parsed, files.contents().size(), settings);
    }

    static RouteSet of(Path folder, List<RouteFile> files, int found, UnaryOperator<String> settings) {
        return new RouteSet(folder, List.copyOf(files), found, elements(files, "route").map(Route::of).toList(),
                elements(files, "routeConfiguration").map(Configuration::of).toList(), settings);
    }

    private static Stream<Member> elements(List<RouteFile> files, String kind) {
        return files.stream().flatMap(file -> file.yaml().items().stream())
                .flatMap(item -> item.members().values().stream()).filter(member -> member.name().equals(kind));
    }

    /** The routes of one file alone. */
    static RouteSet of(RouteFile file) {
        return of(file.path(), List.of(file), 1, key -> null);
    }

    /** Whether all route files could be read; if not, nobody knows what is missing. */
    public boolean complete() {
        return files.size() == found;
    }

    /** The route of an id. */
    public Optional<Route> route(String id) {
        return routes.stream().filter(route -> route.id().equals(id)).findFirst();
    }

    /** All steps of routes and configurations, branches and clauses included. */
    public Stream<Step> allSteps() {
        return Stream.concat(routes.stream().flatMap(Route::allSteps),
                configurations.stream().flatMap(Configuration::allSteps));
    }

    /** Puts settings in the place of placeholders; one without a value stays as it is. */
    public String resolve(String text) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> {
            String value = settings.apply(found.group(1).strip());
            return Matcher.quoteReplacement(value != null ? value
                    : found.group(2) != null ? found.group(2) : found.group());
        });
    }
}
