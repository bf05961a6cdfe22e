package org.ccmessaging.filestream.routes.check.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Value;

/** A route that is in the files runs, or can run with other settings. */
final class Starts implements Rule {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??\\s*([^{}:]+?)\\s*(?::[^{}]*)?}}");
    private static final Pattern COMPARISON =
            Pattern.compile("\\s*'?([^']*?)'?\\s*(==|!=|in|!in|contains|!contains)\\s*'?([^']*?)'?\\s*");
    private static final List<String> SWITCH = List.of("true", "false");
    private static final List<String> TYPES = List.of("s3", "filesystem");

    /** More than this many combinations of settings are not tried. */
    private static final int MOST = 1024;

    @Override
    public void check(RouteSet set, Findings findings) {
        set.routes().forEach(route -> {
            Value autoStartup = route.autoStartup();
            if (set.resolve(autoStartup.text()).equalsIgnoreCase("false")) {
                findings.error("R211", route.fields().placeOf("autoStartup"), route.label() + " does not start with the"
                        + " service", "remove autoStartup; stop a route in the console if it must rest");
            }
            Value precondition = route.precondition();
            if (precondition.isPresent() && isNeverTrue(precondition.text())) {
                findings.error("R212", route.fields().placeOf("precondition"), route.label() + " never exists: its"
                        + " precondition is false, whatever the settings are", "compare with a value that the setting"
                        + " can have, or remove the precondition");
            }
            if (route.field("streamCache").isTrue()) {
                findings.error("R313", route.fields().placeOf("streamCache"), route.label() + " copies each file to"
                        + " memory: that is what stream caching does", "remove streamCache");
            }
        });
    }

    /** Tries every value that the settings in the text can have. What cannot be decided counts as true. */
    private static boolean isNeverTrue(String precondition) {
        TreeSet<String> keys = new TreeSet<>();
        Matcher found = PLACEHOLDER.matcher(precondition);
        while (found.find()) {
            keys.add(found.group(1));
        }
        List<String> texts = List.of(precondition);
        for (String key : keys) {
            List<String> values = values(key);
            if (values.isEmpty() || texts.size() * values.size() > MOST) {
                return false;
            }
            texts = with(texts, key, values);
        }
        return texts.stream().map(Starts::evaluate).allMatch(result -> result.isPresent() && !result.get());
    }

    private static List<String> with(List<String> texts, String key, List<String> values) {
        Pattern placeholder = Pattern.compile("\\{\\{\\??\\s*" + Pattern.quote(key) + "\\s*(?::[^{}]*)?}}");
        List<String> all = new ArrayList<>();
        texts.forEach(text -> values.forEach(value ->
                all.add(placeholder.matcher(text).replaceAll(Matcher.quoteReplacement(value)))));
        return all;
    }

    private static List<String> values(String key) {
        return key.equals("filestream.auth.token-endpoints") ? SWITCH
                : key.matches("filestream\\.storage\\.[^.]+\\.type") ? TYPES : List.of();
    }

    /** The value of a comparison of two texts; empty if it is something else. */
    private static Optional<Boolean> evaluate(String precondition) {
        String text = precondition.strip();
        if (SWITCH.contains(text)) {
            return Optional.of(Boolean.valueOf(text));
        }
        Matcher comparison = COMPARISON.matcher(text);
        if (!comparison.matches() || Texts.evaluates(text)) {
            return Optional.empty();
        }
        String left = comparison.group(1);
        String right = comparison.group(3);
        Map<String, Boolean> results = Map.of("==", left.equals(right), "!=", !left.equals(right),
                "in", List.of(right.split(",")).contains(left), "!in", !List.of(right.split(",")).contains(left),
                "contains", left.contains(right), "!contains", !left.contains(right));
        return Optional.of(results.get(comparison.group(2)));
    }
}
