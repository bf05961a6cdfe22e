package org.ccmessaging.filestream.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The shipped route files, as the YAML parser that Camel uses reads them. */
final class RouteYaml {

    private static final Path FOLDER = Path.of("routes");

    /**
     * A route, a route configuration, a clause, or a step.
     *
     * @param kind the key of the YAML DSL, such as {@code setHeader}
     */
    record Node(String kind, JsonNode value) {

        String id() {
            return value.path("id").asText();
        }

        String description() {
            return value.path("description").asText();
        }

        /** Returns the steps below this node, in the order in which they stand in the file. */
        Stream<Node> steps() {
            Stream<JsonNode> branches = Stream.of("when", "otherwise", "doCatch", "doFinally").map(value::path)
                    .flatMap(branch -> branch.isArray() ? elements(branch) : Stream.of(branch));
            return Stream.concat(Stream.of(value, value.path("from")), branches)
                    .flatMap(holder -> elements(holder.path("steps"))).map(Node::of)
                    .flatMap(step -> Stream.concat(Stream.of(step), step.steps()));
        }

        private static Node of(JsonNode element) {
            String kind = element.fieldNames().next();
            return new Node(kind, element.get(kind));
        }
    }

    private RouteYaml() {
    }

    static List<Path> files() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static JsonNode yaml(Path file) {
        return new ObjectMapper().valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text(file)));
    }

    /** Returns what stands at the top of a file. */
    static Stream<Node> nodes(Path file) {
        return elements(yaml(file)).map(Node::of);
    }

    static List<Node> routes() {
        return files().stream().flatMap(RouteYaml::nodes).filter(node -> node.kind().equals("route")).toList();
    }

    static Node resultCodes() {
        return nodes(FOLDER.resolve("result-codes.camel.yaml")).findFirst().orElseThrow();
    }

    static List<Node> clauses() {
        return elements(resultCodes().value().path("onException")).map(Node::of).toList();
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
