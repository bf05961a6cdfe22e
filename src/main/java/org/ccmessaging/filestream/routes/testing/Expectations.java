package org.ccmessaging.filestream.routes.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Value.YamlKind;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.testing.Result.Mismatch;

/** Compares the outcome of a request with what a test expects. */
record Expectations(Value expect, JsonNode json, Recorder.Run run, List<Mismatch> mismatches) {

    private static final String ABSENT = "(absent)";
    private static final int LONGEST_LINE = 160;

    static List<Mismatch> compare(TestCase test, HttpResponse<String> response, Recorder.Run run) {
        Expectations expectations =
                new Expectations(test.expect(), json(response.body()), run, new ArrayList<>());
        expectations.response(response);
        expectations.file();
        expectations.steps();
        expectations.log();
        return expectations.mismatches;
    }

    private static JsonNode json(String body) {
        try {
            return new ObjectMapper().readTree(body);
        } catch (JsonProcessingException other) {
            return MissingNode.getInstance();
        }
    }

    private String member(String... names) {
        return Stream.of(names).filter(json::hasNonNull).map(json::get)
                .map(value -> value.isValueNode() ? value.asText() : value.toString()).findFirst().orElse(null);
    }

    private void response(HttpResponse<String> response) {
        text("status", expect.get("status"), Integer.toString(response.statusCode()));
        text("resultCode", expect.get("resultCode"), member("resultCode", "errorCode"));
        text("resultDesc", expect.get("resultDesc"), member("resultDesc", "exceptionInfo"));
        for (Value header : expect.get("headers").members().values()) {
            text("header " + header.name(), header, response.headers().firstValue(header.name()).orElse(null));
        }
        for (Value member : expect.get("json").members().values()) {
            text("json " + member.name(), member, member(member.name()));
        }
    }

    private void text(String what, Value expected, String actual) {
        if (expected.isPresent() && !matches(expected, actual)) {
            String wanted = expected.kind() == YamlKind.EMPTY ? ABSENT
                    : expected.kind() != YamlKind.MAP ? expected.text()
                    : expected.members().values().stream().map(member -> member.name() + " " + member.text())
                            .collect(Collectors.joining(", "));
            mismatches.add(Mismatch.of(expected.place(), what, wanted, actual == null ? ABSENT : shortened(actual)));
        }
    }

    private static boolean matches(Value expected, String actual) {
        if (expected.kind() != YamlKind.MAP) {
            return expected.kind() == YamlKind.EMPTY ? actual == null : expected.text().equals(actual);
        }
        Value contains = expected.get("contains");
        Value pattern = expected.get("matches");
        return actual != null && (!contains.isPresent() || actual.contains(contains.text()))
                && (!pattern.isPresent() || Pattern.compile(pattern.text(), Pattern.DOTALL).matcher(actual).matches());
    }

    private void file() {
        Value expected = expect.get("file");
        String member = member("fileStream");
        if (!expected.isPresent() || expected.kind() == YamlKind.EMPTY) {
            text("file", expected, member);
            return;
        }
        byte[] wanted = TestCase.content(expected);
        byte[] actual = member == null ? null : decoded(member);
        if (!Arrays.equals(wanted, actual)) {
            mismatches.add(Mismatch.of(expected.place(), "file", described(wanted, ""), member == null ? ABSENT
                    : actual == null ? "no Base64: " + shortened(member) : described(actual, ", of which byte "
                            + Arrays.mismatch(actual, wanted) + " is the first that differs")));
        }
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    private static String described(byte[] bytes, String difference) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean printable = bytes.length <= LONGEST_LINE && text.chars().noneMatch(Character::isISOControl)
                && !text.contains("\uFFFD");
        return printable ? "\"" + text + "\"" : bytes.length + " bytes" + difference;
    }

    private void steps() {
        List<Value> expected = expect.get("steps").items();
        List<String> ran = List.copyOf(run.steps());
        int at = 0;
        for (Value step : expected) {
            int found = ran.subList(at, ran.size()).indexOf(step.text());
            if (found < 0) {
                mismatches.add(new Mismatch(step.place(), "steps, of which " + step.text() + " did not run"
                        + (ran.contains(step.text()) ? " in this order" : ""),
                        expected.stream().map(Value::text).toList(), ran));
                break;
            }
            at += found + 1;
        }
        expect.get("skipped").items().stream().filter(step -> ran.contains(step.text())).forEach(step ->
                mismatches.add(new Mismatch(step.place(), "steps, of which " + step.text() + " must not run",
                        List.of("(no " + step.text() + ")"), ran)));
    }

    private void log() {
        Value errors = expect.get("errors");
        List<String> expected = errors.items().stream().map(Value::text).toList();
        List<String> actual = run.log().stream().filter(line -> line.getLevel() == Level.ERROR)
                .map(ILoggingEvent::getFormattedMessage).toList();
        boolean all = actual.stream().allMatch(line -> expected.stream().anyMatch(line::contains));
        if (errors.kind() != YamlKind.EMPTY && (!all || !expected.isEmpty() && actual.isEmpty())) {
            List<String> none = List.of("(none)");
            mismatches.add(new Mismatch(errors.place(), "errors in the log", expected.isEmpty() ? none : expected,
                    actual.isEmpty() ? none : actual.stream().map(Expectations::shortened).toList()));
        }
    }

    private static String shortened(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    }
}
