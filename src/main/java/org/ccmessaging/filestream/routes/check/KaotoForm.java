package org.ccmessaging.filestream.routes.check;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The form in which the visual editor Kaoto (2.7) saves a route file: kinds of elements in its order, an id for each of
 * them, members by name behind id, description, uri, parameters and steps, texts as {@link KaotoScalars} writes them,
 * and no comment but those above the first line.
 */
final class KaotoForm {

    private static final List<String> FIRST = List.of("id", "description", "uri", "parameters", "steps");

    private static final List<String> KINDS = List.of("restConfiguration", "rest", "routeConfiguration", "route",
            "errorHandler", "onException", "onCompletion", "intercept", "interceptFrom", "interceptSendToEndpoint",
            "beans");

    /** Kinds of elements to which Kaoto gives an id. */
    private static final Set<String> IDENTIFIED = Set.of("route", "routeConfiguration", "onException", "onCompletion",
            "intercept", "interceptFrom", "interceptSendToEndpoint", "rest");

    private static final String MADE_UP = "an-id-that-Kaoto-makes-up";

    /** The order of ECMAScript's localeCompare for the characters of names. */
    private static final String COLLATION = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";

    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+\\.?[0-9]*)(?:[eE][-+]?[0-9]+)?");
    private static final Pattern OTHER_BASE = Pattern.compile("0o[0-7]+|0x[0-9a-fA-F]+");
    private static final Pattern NO_NUMBER = Pattern.compile("[-+]?\\.(?:inf|Inf|INF)|\\.nan|\\.NaN|\\.NAN");
    private static final Pattern NOTHING = Pattern.compile("~|[Nn]ull|NULL|");
    private static final Pattern TRUTH = Pattern.compile("[Tt]rue|TRUE|[Ff]alse|FALSE");
    private static final Pattern HEAD = Pattern.compile("\\s*(#.*)?");
    private static final String BREAK = "\n";

    private final RouteFile file;

    KaotoForm(RouteFile file) {
        this.file = file;
    }

    /** Warns of the first line that Kaoto would write otherwise. */
    void check(Findings findings) {
        List<String> own = List.of(file.text().split(BREAK, -1));
        List<String> saved = List.of(text().split(BREAK, -1));
        int at = 0;
        while (at < Math.min(own.size(), saved.size()) && own.get(at).equals(saved.get(at))) {
            at++;
        }
        if (at == own.size() && at == saved.size()) {
            return;
        }
        String line = at < own.size() ? own.get(at) : "";
        String other = at < saved.size() ? saved.get(at) : "";
        Place place = new Place(file.path(), at + 1, 1);
        if (line.strip().startsWith("#") || !other.isBlank() && line.startsWith(other + " ") && line.contains(" #")) {
            findings.warning("R016", place, "the editor Kaoto loses this comment when it saves the file",
                    "put it into a description");
        } else if (other.contains(MADE_UP)) {
            findings.warning("R016", place, "the editor Kaoto makes up an id here when it saves the file",
                    "give it an id of yours");
        } else {
            findings.warning("R016", place, "the editor Kaoto writes this line otherwise: "
                    + (other.isBlank() ? "it leaves it out" : other.strip()),
                    "save the file once in Kaoto, and no later save changes more than you do");
        }
    }

    /** What Kaoto makes of the file when it saves it. */
    String text() {
        Node root = new Compose(LoadSettings.builder().build()).composeString(file.text()).orElseThrow();
        List<Map<String, Object>> elements = new ArrayList<>();
        for (Node item : ((SequenceNode) root).getValue()) {
            if (item instanceof MappingNode map) {
                elements.add(element(members(map)));
            }
        }
        List<Object> ordered = elements.stream().sorted(Comparator.comparingInt(KaotoForm::rank))
                .collect(Collectors.toList());
        return head() + list(ordered, "") + BREAK;
    }

    private static int rank(Map<String, Object> element) {
        int rank = element.size() == 1 ? KINDS.indexOf(element.keySet().iterator().next()) : -1;
        return rank < 0 ? KINDS.size() : rank;
    }

    /** Comments and empty lines above everything else stay. */
    private String head() {
        List<String> lines = file.text().lines().takeWhile(line -> HEAD.matcher(line).matches())
                .map(line -> line.replaceFirst("^\\s*#*", "")).map(line -> line.isBlank() ? "" : "#" + line).toList();
        return lines.isEmpty() ? "" : String.join(BREAK, lines) + BREAK;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> element(Map<String, Object> element) {
        if (element.size() == 1 && element.get("from") instanceof Map<?, ?> from && from.get("uri") instanceof String) {
            Map<String, Object> route = new LinkedHashMap<>();
            route.put("id", from.containsKey("id") ? from.get("id") : MADE_UP);
            route.put("from", from);
            return Map.of("route", route);
        }
        String kind = element.size() == 1 ? element.keySet().iterator().next() : "";
        if (IDENTIFIED.contains(kind) && element.get(kind) instanceof Map<?, ?> fields && !fields.containsKey("id")
                && !(kind.equals("route") && !fields.containsKey("from"))) {
            ((Map<String, Object>) fields).put("id", MADE_UP);
        }
        return element;
    }

    /** A map, a list, a text, or what is written as it is. */
    private static Object value(Node node) {
        if (node instanceof MappingNode map) {
            return members(map);
        }
        if (node instanceof SequenceNode list) {
            return list.getValue().stream().map(KaotoForm::value).collect(Collectors.toList());
        }
        ScalarNode scalar = (ScalarNode) node;
        String text = scalar.getValue();
        return scalar.getScalarStyle() == ScalarStyle.PLAIN ? plain(text) : text;
    }

    private static Map<String, Object> members(MappingNode map) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (NodeTuple member : map.getValue()) {
            members.put(((ScalarNode) member.getKeyNode()).getValue(), value(member.getValueNode()));
        }
        return members;
    }

    /** A text without quotes, as YAML 1.2 understands it. */
    private static Object plain(String text) {
        if (NOTHING.matcher(text).matches()) {
            return new StringBuilder("null");
        }
        if (TRUTH.matcher(text).matches()) {
            return new StringBuilder(text.toLowerCase(Locale.ROOT));
        }
        if (OTHER_BASE.matcher(text).matches()) {
            return new StringBuilder(number(Long.parseLong(text.substring(2), text.charAt(1) == 'x' ? 16 : 8)));
        }
        if (INTEGER.matcher(text).matches() || FLOAT.matcher(text).matches()) {
            return new StringBuilder(number(Double.parseDouble(text)));
        }
        return NO_NUMBER.matcher(text).matches()
                ? new StringBuilder(text.toLowerCase(Locale.ROOT).replace("+", "")) : text;
    }

    private static String number(double number) {
        if (number == 0) {
            return 1 / number < 0 ? "-0" : "0";
        }
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    @SuppressWarnings("unchecked")
    private static String written(Object value, String indent, int start) {
        if (value instanceof Map<?, ?> map) {
            return map.isEmpty() ? "{}" : map((Map<String, Object>) map, indent);
        }
        if (value instanceof List<?> list) {
            return list.isEmpty() ? "[]" : list((List<Object>) list, indent);
        }
        return value instanceof String text ? KaotoScalars.text(text, indent, start) : value.toString();
    }

    private static String list(List<Object> items, String indent) {
        return items.stream().map(item -> "- " + written(item, indent + "  ", -1))
                .collect(Collectors.joining(BREAK + indent));
    }

    private static String map(Map<String, Object> members, String indent) {
        Map<String, Object> sorted = new TreeMap<>(KaotoForm::compare);
        sorted.putAll(members);
        return sorted.entrySet().stream().map(member -> member(member.getKey(), member.getValue(), indent))
                .collect(Collectors.joining(BREAK + indent));
    }

    private static String member(String name, Object value, String indent) {
        String key = KaotoScalars.key(name) + ":";
        String deeper = indent + "  ";
        String written = written(value, deeper, key.length() + 1);
        boolean below = value instanceof Map<?, ?> map && !map.isEmpty()
                || value instanceof List<?> list && !list.isEmpty();
        return key + (below ? BREAK + deeper : written.startsWith(BREAK) ? "" : " ") + written;
    }

    private static int compare(String one, String other) {
        int a = FIRST.indexOf(one);
        int b = FIRST.indexOf(other);
        if (a >= 0 || b >= 0) {
            return a < 0 ? 1 : b < 0 ? -1 : a - b;
        }
        int primary = compare(one, other, KaotoForm::weight);
        int tertiary = primary != 0 ? primary : compare(one, other, ch -> Character.isUpperCase(ch) ? 1 : 0);
        return tertiary != 0 ? tertiary : one.compareTo(other);
    }

    private static int compare(String one, String other, IntUnaryOperator weight) {
        for (int i = 0; i < Math.min(one.length(), other.length()); i++) {
            int order = weight.applyAsInt(one.charAt(i)) - weight.applyAsInt(other.charAt(i));
            if (order != 0) {
                return order;
            }
        }
        return one.length() - other.length();
    }

    private static int weight(int ch) {
        int known = COLLATION.indexOf(ch);
        return known >= 0 ? known : COLLATION.length() + Character.toLowerCase(ch);
    }
}
