package org.ccmessaging.filestream.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.routes.check.Configuration;
import org.ccmessaging.filestream.routes.check.Element;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;

/** What an edit changed: by route and step, and not by line; beans and what else stands beside routes by name. */
final class Difference {

    /** The beans that decide who gets which file, and what leaves. */
    private static final Set<String> SAFETY = Set.of("recordDownload", "authenticate", "authenticateApp", "readBody",
            "admit", "checkRequest", "resolveKey", "openFile", "requestObject", "takeObject", "readFirstChunk",
            "encodeStream", "respond", "raiseFailure", "issueAccessToken", "issueSessionToken");

    /** What a step says for people. */
    private static final Set<String> PROSE = Set.of("description", "note");

    /** What a step holds beside its own fields. */
    private static final Set<String> BELOW = Set.of("steps", "when", "otherwise", "doCatch", "doFinally", "onFallback",
            "from", "onException", "onCompletion", "intercept", "interceptFrom", "interceptSendToEndpoint");

    private final List<String> lines = new ArrayList<>();

    private Difference() {
    }

    static List<String> between(RouteSet before, RouteSet after) {
        Difference difference = new Difference();
        Map<String, Part> old = parts(before);
        Map<String, Part> present = parts(after);
        Set<String> names = new TreeSet<>(old.keySet());
        names.addAll(present.keySet());
        names.forEach(name -> difference.part(name, old.get(name), present.get(name)));
        difference.beside(beside(before), beside(after));
        return difference.lines;
    }

    /**
     * A bean, or a clause at the top of a file.
     *
     * @param kind the key at the top of the file, such as {@code beans}
     * @param name how a line names it
     * @param text all that it says
     */
    private record Beside(String kind, String name, String text) {
    }

    private static Map<String, Beside> beside(RouteSet set) {
        Map<String, Beside> beside = new TreeMap<>();
        for (Element element : set.others()) {
            boolean beans = element.name().equals("beans");
            for (Value one : beans ? element.value().items() : List.of(element.value())) {
                String name = beans ? one.get("name").text() : one.get("id").text();
                String type = one.get("type").text();
                add(beside, new Beside(element.name(), (name.isEmpty() ? "without a name" : name)
                        + (beans && !type.isEmpty() ? " (" + type + ")" : ""), plain(one)), name);
            }
        }
        return beside;
    }

    private static void add(Map<String, Beside> beside, Beside one, String name) {
        String key = one.kind() + " " + name;
        int number = 2;
        String unique = key;
        while (beside.containsKey(unique)) {
            unique = key + "#" + number++;
        }
        beside.put(unique, one);
    }

    /** Code that every request can meet, and clauses for every route of a file. */
    private void beside(Map<String, Beside> before, Map<String, Beside> after) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (String key : keys) {
            Beside old = before.get(key);
            Beside present = after.get(key);
            if (old == null) {
                add(present.kind(), "+ " + present.name(), true);
            } else if (present == null) {
                add(old.kind(), "- " + old.name(), true);
            } else if (!old.text().equals(present.text())) {
                add(present.kind(), "~ " + present.name(), true);
            }
        }
    }

    /**
     * A route or a routeConfiguration.
     *
     * @param header what it says of itself
     * @param steps its steps by name, in order
     */
    private record Part(String header, Map<String, Step> steps) {
    }

    private static Map<String, Part> parts(RouteSet set) {
        Map<String, Part> parts = new LinkedHashMap<>();
        for (Route route : set.routes()) {
            parts.put(route.id().isEmpty() ? route.uri().target() : route.id(),
                    new Part(own(route.fields()) + own(route.from()), steps(route.allSteps().toList())));
        }
        for (Configuration configuration : set.configurations()) {
            parts.put(configuration.id(), new Part(own(configuration.fields()),
                    steps(configuration.allSteps().toList())));
        }
        return parts;
    }

    private static Map<String, Step> steps(List<Step> steps) {
        Map<String, Step> named = new LinkedHashMap<>();
        for (Step step : steps) {
            String name = step.id().isEmpty() ? step.name() : step.id();
            int number = 2;
            String unique = name;
            while (named.containsKey(unique)) {
                unique = name + "#" + number++;
            }
            named.put(unique, step);
        }
        return named;
    }

    private static String own(Value fields) {
        return fields.members().values().stream().filter(field -> !PROSE.contains(field.name()))
                .filter(field -> !BELOW.contains(field.name())).map(field -> field.name() + "=" + plain(field.value()))
                .sorted().collect(Collectors.joining("\n"));
    }

    /** Without places, and in one order. */
    private static String plain(Value value) {
        return switch (value.kind()) {
            case MAP -> value.members().values().stream().map(field -> field.name() + "=" + plain(field.value()))
                    .sorted().collect(Collectors.joining(", ", "{", "}"));
            case LIST -> value.items().stream().map(Difference::plain).collect(Collectors.joining(", ", "[", "]"));
            default -> value.text();
        };
    }

    private void part(String name, Part before, Part after) {
        if (before == null) {
            add(name, "+ the whole route", true);
            return;
        }
        if (after == null) {
            add(name, "- the whole route", true);
            return;
        }
        if (!before.header().equals(after.header())) {
            add(name, "~ the route's own fields", true);
        }
        before.steps().forEach((id, step) -> {
            if (!after.steps().containsKey(id)) {
                add(name, "- " + id + place(before, id), isSafety(step));
            }
        });
        after.steps().forEach((id, step) -> changed(name, before, after, id));
    }

    private void changed(String name, Part before, Part after, String id) {
        Step step = after.steps().get(id);
        Step old = before.steps().get(id);
        if (old == null) {
            add(name, "+ " + id + place(after, id), isSafety(step));
        } else if (!old.name().equals(step.name()) || !own(old.value()).equals(own(step.value()))) {
            add(name, "~ " + id, isSafety(step) || isSafety(old));
        }
        List<String> common = after.steps().keySet().stream().filter(before.steps()::containsKey).toList();
        List<String> was = before.steps().keySet().stream().filter(after.steps()::containsKey).toList();
        int at = common.indexOf(id);
        if (at > 0 && was.indexOf(common.get(at - 1)) > was.indexOf(id)) {
            add(name, "> " + id + " moved to after " + common.get(at - 1),
                    isSafety(step) || isSafety(after.steps().get(common.get(at - 1))));
        }
    }

    private static String place(Part part, String id) {
        List<String> ids = List.copyOf(part.steps().keySet());
        int next = ids.indexOf(id) + 1;
        return next < ids.size() ? " before " + ids.get(next) : " at the end";
    }

    private static boolean isSafety(Step step) {
        return step.withAllBelow().anyMatch(one -> SAFETY.contains(one.bean().text()))
                || Set.of("onException", "toD", "recipientList", "routingSlip", "enrich", "pollEnrich", "dynamicRouter")
                .contains(step.name());
    }

    private void add(String name, String change, boolean safety) {
        lines.add(name + ": " + change + "; touches safety: " + (safety ? "yes" : "no"));
    }
}
