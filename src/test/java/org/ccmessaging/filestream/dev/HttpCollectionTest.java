package org.ccmessaging.filestream.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.DescribedAnswers;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.ConfigurableApplicationContext;

/** Development mode gives the responses that {@code docs/filestream.http} names. */
@Tag("service")
@Tag("full")
@ResourceLock(Stage.MBEANS)
class HttpCollectionTest {

    private static final String EXPECTED = "# Answer: ";

    @AutoClose
    private static ConfigurableApplicationContext development;
    private static Api api;

    /** @param response status, blank and body, where … stands for anything */
    record Request(String title, String response, String method, String path, String[] headers, String body) {

        @Override
        public String toString() {
            return title;
        }
    }

    @BeforeAll
    static void startDevelopmentMode() throws Exception {
        development = DevApplication.start("--server.port=0", "--management.server.port=0");
        api = Api.described(URI.create("http://localhost:"
                + development.getEnvironment().getProperty("local.server.port")));
    }

    static List<Request> requests() throws IOException {
        String text = Files.readString(Path.of("docs/filestream.http"));
        for (MatchResult variable : Pattern.compile("(?m)^@(\\w+) = (.*)$").matcher(text).results().toList()) {
            text = text.replace("{{" + variable.group(1) + "}}", variable.group(2));
        }
        assertThat(text).doesNotContain("{{");
        return Stream.of(text.split("(?m)^### ")).skip(1).map(HttpCollectionTest::parse).toList();
    }

    private static Request parse(String part) {
        String[] headAndBody = part.split("\n\n", 2);
        List<String> lines = headAndBody[0].lines().toList();
        String response = lines.stream().filter(line -> line.startsWith(EXPECTED)).collect(Collectors.joining())
                .replace(EXPECTED, "");
        List<String> head = lines.stream().skip(1).filter(line -> !line.startsWith("#")).toList();
        String[] methodAndUrl = head.get(0).split(" ");
        String[] headers = head.stream().skip(1).flatMap(line -> Stream.of(line.split(": ", 2))).toArray(String[]::new);
        return new Request(lines.get(0), response, methodAndUrl[0], URI.create(methodAndUrl[1]).getRawPath(), headers,
                headAndBody.length == 1 ? "" : headAndBody[1].strip());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void requestGetsTheResponseOfItsComment(Request request) {
        Answer answer =
                api.send(request.method(), request.path(), BodyPublishers.ofString(request.body()), request.headers());

        assertThat(request.response()).isNotEmpty();
        assertThat(answer.status() + " " + answer.text()).matches(Pattern.compile(
                Stream.of(request.response().split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                Pattern.DOTALL));
    }

    @Test
    void everyOperationOfTheInterfaceIsInIt() throws IOException {
        List<String> described = new ArrayList<>();
        DescribedAnswers.readDescription().get("paths").properties().forEach(path -> path.getValue().fieldNames()
                .forEachRemaining(method -> described.add(method.toUpperCase() + " " + path.getKey())));

        assertThat(described).isNotEmpty();
        assertThat(requests()).extracting(request -> request.method() + " " + request.path()).containsAll(described);
    }
}
