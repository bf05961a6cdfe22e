package org.ccmessaging.filestream.routes.testing;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.check.Value.Kind;
import org.ccmessaging.filestream.routes.check.Value.Member;

/** Compares what came of a request with what a test expects. */
final class Expectations {

    private static final String ABSENT = "(absent)";
    private static final int LONGEST_LINE = 160;

    private final Value expect;
    private final Outcome outcome;
    private final List<Mismatch> mismatches = new ArrayList<>();

    private Expectations(Value expect, Outcome outcome) {
        this.expect = expect;
        this.outcome = outcome;
    }

    static List<Mismatch> compare(TestCase test, Outcome outcome) {
        Expectations expectations = new Expectations(test.expect(), outcome);
        expectations.response();
        expectations.file();
        expectations.steps();
        expectations.log(test);
        return expectations.mismatches;
    }

    private void response() {
        text("status", expect.get("status"), Integer.toString(outcome.response().statusCode()));
        text("resultCode", expect.get("resultCode"), outcome.member("resultCode", "errorCode"));
        text("resultDesc", expect.get("resultDesc"), outcome.member("resultDesc", "exceptionInfo"));
        for (Member header : expect.get("headers").members().values()) {
            text("header " + header.name(), header.value(),
                    outcome.response().headers().firstValue(header.name()).orElse(null));
        }
        for (Member member : expect.get("json").members().values()) {
            text("json " + member.name(), member.value(), outcome.member(member.name()));
        }
    }

    private void text(String what, Value expected, String actual) {
        if (expected.isPresent() && !matches(expected, actual)) {
            mismatches.add(Mismatch.of(expected.place(), what, expected.kind() == Kind.EMPTY ? ABSENT
                    : expected.kind() == Kind.MAP ? description(expected) : expected.text(),
                    actual == null ? ABSENT : shortened(actual)));
        }
    }

    private static String description(Value expected) {
        return String.join(", ", expected.members().values().stream()
                .map(member -> member.name() + " " + member.value().text()).toList());
    }

    private static boolean matches(Value expected, String actual) {
        if (expected.kind() == Kind.EMPTY) {
            return actual == null;
        }
        if (expected.kind() != Kind.MAP) {
            return expected.text().equals(actual);
        }
        Value contains = expected.get("contains");
        Value pattern = expected.get("matches");
        return actual != null && (contains.isMissing() || actual.contains(contains.text()))
                && (pattern.isMissing() || pattern(pattern.text()).matches(actual));
    }

    /**
     * A regular expression whose time is linear in the text, since it comes from an author.
     *
     * @throws com.google.re2j.PatternSyntaxException if it is malformed, or RE2 cannot express it
     */
    static Pattern pattern(String expression) {
        return Pattern.compile(expression, Pattern.DOTALL);
    }

    private void file() {
        Value expected = expect.get("file");
        if (expected.isMissing()) {
            return;
        }
        String member = outcome.member("fileStream");
        byte[] actual = decoded(member);
        if (expected.kind() == Kind.EMPTY) {
            text("file", expected, member);
            return;
        }
        byte[] wanted = Content.of(expected);
        if (!Arrays.equals(wanted, actual)) {
            mismatches.add(Mismatch.of(expected.place(), "file", described(wanted, null),
                    member == null ? ABSENT : actual == null ? "no Base64: " + shortened(member)
                            : described(actual, wanted)));
        }
    }

    private static byte[] decoded(String base64) {
        try {
            return base64 == null ? null : Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    private static String described(byte[] bytes, byte[] wanted) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean printable = bytes.length <= LONGEST_LINE && text.chars().noneMatch(Character::isISOControl)
                && !text.contains("\uFFFD");
        int differs = wanted == null ? -1 : Arrays.mismatch(bytes, wanted);
        return printable ? "\"" + text + "\"" : bytes.length + " bytes"
                + (differs < 0 ? "" : ", of which byte " + differs + " is the first that differs");
    }

    private void steps() {
        List<Value> expected = expect.get("steps").items();
        int at = 0;
        for (Value step : expected) {
            int found = outcome.steps().subList(at, outcome.steps().size()).indexOf(step.text());
            if (found < 0) {
                mismatches.add(new Mismatch(step.place(), "steps, of which " + step.text() + " did not run"
                        + (outcome.steps().contains(step.text()) ? " in this order" : ""),
                        expected.stream().map(Value::text).toList(), outcome.steps()));
                break;
            }
            at += found + 1;
        }
        for (Value step : expect.get("skipped").items()) {
            if (outcome.steps().contains(step.text())) {
                mismatches.add(new Mismatch(step.place(), "steps, of which " + step.text() + " must not run",
                        List.of("(no " + step.text() + ")"), outcome.steps()));
            }
        }
    }

    private void log(TestCase test) {
        if (expect.get("errors").kind() == Kind.EMPTY) {
            return;
        }
        List<String> expected = expect.get("errors").items().stream().map(Value::text).toList();
        List<String> actual = outcome.errors();
        boolean all = actual.stream().allMatch(line -> expected.stream().anyMatch(line::contains));
        if (!all || !expected.isEmpty() && actual.isEmpty()) {
            Value errors = expect.get("errors");
            mismatches.add(new Mismatch(errors.isPresent() ? errors.place() : test.expect().place(),
                    "errors in the log", expected.isEmpty() ? List.of("(none)") : expected,
                    actual.isEmpty() ? List.of("(none)") : actual.stream().map(Expectations::shortened).toList()));
        }
    }

    private static String shortened(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    }
}
