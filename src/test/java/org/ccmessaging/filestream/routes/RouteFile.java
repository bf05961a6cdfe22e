package org.ccmessaging.filestream.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A file of {@code routes/}, read by the YAML parser that Camel uses.
 *
 * @param stem its name without {@code .camel.yaml}
 */
record RouteFile(String stem, String text, JsonNode yaml) {

    static final Path FOLDER = Path.of("routes");
    private static final String SUFFIX = ".camel.yaml";

    /** Members whose value is one step or the like. */
    private static final Set<String> SINGLE = Set.of("from", "otherwise", "doFinally", "onFallback", "route");

    /** Members whose value is a list of such. */
    private static final Set<String> LISTS = Set.of("when", "doCatch");

    /** Members whose value is a list of such, each named by its kind. */
    private static final Set<String> NAMED_LISTS = Set.of("steps", "onException", "onCompletion", "intercept",
            "interceptFrom", "interceptSendToEndpoint");

    /** A route, a step, a branch of one, or a clause, and where it is. */
    record Node(String place, JsonNode definition) {

        String id() {
            return definition.path("id").asText();
        }

        String description() {
            return definition.path("description").asText();
        }

        /** The value that a step sets a header to; empty where it does not set it. */
        String header(String name) {
            for (JsonNode header : definition.path("headers")) {
                if (header.path("name").asText().equals(name)) {
                    return header.at("/constant/expression").asText(header.at("/simple/expression").asText());
                }
            }
            return "";
        }
    }

    static List<RouteFile> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(Files::isRegularFile).sorted().map(RouteFile::read).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static RouteFile read(Path file) {
        try {
            String text = Files.readString(file);
            Object parsed = new Load(LoadSettings.builder().build()).loadFromString(text);
            return new RouteFile(file.getFileName().toString().replace(SUFFIX, ""), text,
                    new ObjectMapper().valueToTree(parsed));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    List<Node> routes() {
        return nodes().stream().filter(node -> node.place().endsWith("/route")).toList();
    }

    /** Everything that shows in a log, a trace or an editor, and so needs an id and a description. */
    List<Node> nodes() {
        List<Node> found = new ArrayList<>();
        walk(stem, yaml, (place, member) -> {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (SINGLE.contains(name)) {
                found.add(new Node(place + "/" + name, value));
            } else if (LISTS.contains(name)) {
                value.forEach(item -> found.add(new Node(place + "/" + name, item)));
            } else if (NAMED_LISTS.contains(name) && value.isArray()) {
                value.forEach(item -> item.properties().forEach(step ->
                        found.add(new Node(place + "/" + name + "/" + step.getKey(), step.getValue()))));
            }
        });
        return found;
    }

    /** Every id of the file, those of exception handlers included; each as often as the file has it. */
    List<String> ids() {
        List<String> found = new ArrayList<>();
        walk(stem, yaml, (place, member) -> {
            if (member.getKey().equals("id") && !place.endsWith("/parameters")) {
                found.add(member.getValue().asText());
            }
        });
        return found;
    }

    /** The classes that clauses of the file name. */
    List<String> exceptions() {
        return nodes().stream().filter(node -> node.place().endsWith("/onException"))
                .flatMap(clause -> Stream.of(clause.definition().get("exception")))
                .flatMap(classes -> Stream.iterate(0, i -> i < classes.size(), i -> i + 1).map(classes::get))
                .map(JsonNode::asText).toList();
    }

    private static void walk(String place, JsonNode node, BiConsumer<String, Map.Entry<String, JsonNode>> visitor) {
        node.properties().forEach(member -> {
            visitor.accept(place, member);
            walk(place + "/" + member.getKey(), member.getValue(), visitor);
        });
        if (node.isArray()) {
            node.forEach(item -> walk(place, item, visitor));
        }
    }

    @Override
    public String toString() {
        return stem + SUFFIX;
    }
}
