package org.ccmessaging.filestream.routes.language;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.NearestName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.springframework.util.AntPathMatcher;

/**
 * Lists what route files may contain. Whatever is not listed does not exist for them (decision 0025). The lists are in
 * {@code route-check/route-language.yaml}; {@code filestream.routes.language} names a file of the same form that adds
 * to them.
 *
 * @param types the types of fields by name
 * @param common the fields of every step and branch
 * @param elements kinds of elements at the top of a file
 * @param steps kinds of steps
 * @param parts maps within elements and steps, by the field that holds them
 * @param languages languages of expressions
 * @param formats data formats
 * @param functions functions of Simple, by their first word
 * @param members names that may follow a dot in an expression, each with a sentence for authors
 * @param operators operators of conditions
 * @param components components by scheme
 * @param placeholders keys of settings that routes read; {@code *} stands for one part, {@code **} for any
 * @param classes classes that routes name, besides exceptions
 * @param variables the variables that the service sets or reads
 * @param headers headers that routes set and read, each with a sentence for authors
 * @param holds the types of the values of some variables and headers
 * @param instead what to write in place of some names that are not listed
 */
@JsonIgnoreProperties("closed")
public record RouteLanguage(Map<String, Type> types, Map<String, FieldType> common, Map<String, Entry> elements,
        Map<String, Entry> steps, Map<String, Entry> parts, Map<String, Entry> languages, Map<String, Entry> formats,
        Map<String, Function> functions, Map<String, String> members, Set<String> operators,
        Map<String, Component> components, Set<String> placeholders, Set<String> classes,
        Map<String, Variable> variables, Map<String, String> headers, Map<String, FieldType> holds,
        Map<String, String> instead) {

    /** Not below {@code routes/}, which Spring would take for the folder of filestream.routes.directory. */
    private static final String RESOURCE = "/route-check/route-language.yaml";

    private static final Logger LOG = LoggerFactory.getLogger(RouteLanguage.class);

    private static final String SETTING = "filestream.routes.language";

    /** Parts of a step that hold steps too. */
    public static final List<String> BRANCHES = List.of("when", "otherwise", "doCatch", "doFinally", "onFallback");

    /** Name of the field with the expression: of a step, and of a language within it. */
    public static final String EXPRESSION = "expression";

    private static final JsonMapper JSON = new JsonMapper();

    private static final JsonNode PRODUCT = parse(RouteLanguage.class.getResourceAsStream(RESOURCE));

    private static final AntPathMatcher KEYS = new AntPathMatcher(".");

    /**
     * A kind of type.
     *
     * @param says what a field of this kind holds
     * @param pattern the syntax of its text, with {@code %s} for names; {@code null} for a map or a list
     * @param most the maximum length of its text, in characters
     * @param literal whether its text stands in the file itself, where rules can compare it
     */
    public record Type(String says, String pattern, Integer most, boolean literal) {

        private static final int MOST = 16_384;

        /** Fills in the maximum length that texts have without another. */
        public Type {
            most = most == null ? MOST : most;
        }
    }

    /**
     * A map of a route file: an element, a step, a part of one, a language or a data format.
     *
     * @param says one sentence for authors
     * @param needs fields that it must have
     * @param fields its fields with their types
     */
    @JsonIgnoreProperties("closed")
    public record Entry(String says, @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> needs,
            @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, FieldType> fields) {
    }

    /**
     * A component.
     *
     * @param says one sentence for authors
     * @param in where it stands, {@code from} or {@code to}; empty for both
     * @param path the options that stand in the address, in order
     * @param options the options with their types; {@code null} for all whose name has no dot and whose value names no
     *     bean or class
     * @param needs options that a step must set
     * @param frame whether only the frame uses it
     */
    @JsonIgnoreProperties("closed")
    public record Component(String says, @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> in,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> path, Map<String, FieldType> options,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> needs, boolean frame) {

        /** Returns whether it may stand in {@code from} or in {@code to}. */
        public boolean standsIn(String field) {
            return in.isEmpty() || in.contains(field);
        }
    }

    /**
     * A function of Simple.
     *
     * @param says one sentence for authors
     * @param start the syntax of what follows its first word, before any members
     * @param texts what the name in it may be, alone or before a further colon; {@code null} for any
     * @param members the members that may follow; {@code null} for all
     * @param logged members that only a step {@code log} may show
     */
    public record Function(String says, String start, List<String> texts, Set<String> members,
            @JsonSetter(nulls = Nulls.AS_EMPTY) Set<String> logged) {
    }

    /**
     * A variable that the service sets or reads.
     *
     * @param says one sentence for authors
     * @param ours whether only the service sets it
     * @param members the members that may follow its name, besides text functions; {@code null} for none
     */
    public record Variable(String says, boolean ours, Set<String> members) {
    }

    /** Returns the language of the product. */
    public static RouteLanguage ofProduct() {
        return JSON.convertValue(PRODUCT, RouteLanguage.class);
    }

    /**
     * Returns the language of an installation.
     *
     * @param file adds to the language of the product; {@code null} for no file
     * @throws InvalidSettingException if the file cannot be read or has another form
     */
    public static RouteLanguage of(Path file) {
        ObjectNode tree = PRODUCT.deepCopy();
        try {
            if (file != null) {
                JsonNode added = parse(Files.newInputStream(file));
                // Merges maps, and appends to lists.
                JSON.readerForUpdating(tree).readValue(added);
                LOG.info("{} adds to the language of routes: {}", file, added);
            }
            RouteLanguage language = JSON.treeToValue(tree, RouteLanguage.class);
            Set<String> kinds = Stream.concat(language.allFields().values().stream(), language.holds.values().stream())
                    .flatMap(type -> Stream.of(type, Objects.requireNonNullElse(type.text(), type)))
                    .map(FieldType::kind).collect(Collectors.toSet());
            kinds.removeAll(language.types.keySet());
            if (!kinds.isEmpty()) {
                throw new IllegalArgumentException("there is no type " + String.join(", ", kinds));
            }
            return language;
        } catch (IOException | RuntimeException unreadable) {
            throw new InvalidSettingException(SETTING, file,
                    "a file of the form that docs/editing-routes.md#connectors shows ("
                    + String.valueOf(unreadable.getMessage()).lines().findFirst().orElse("") + ")");
        }
    }

    private static JsonNode parse(InputStream yaml) {
        try (yaml) {
            return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromInputStream(yaml));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the language of routes cannot be read", unreadable);
        }
    }

    /** Returns the entry of a step, part, element, language or data format; {@code null} if it is not listed. */
    public Entry entry(String name) {
        return entries().map(kind -> kind.get(name)).filter(Objects::nonNull).findFirst().orElse(null);
    }

    private Stream<Map<String, Entry>> entries() {
        return Stream.of(steps, parts, elements, languages, formats);
    }

    /**
     * Returns the fields of an entry with their types, including those that all steps have. Each language is a field in
     * place of field {@code expression}.
     */
    public Map<String, FieldType> fields(String name) {
        Map<String, FieldType> fields = new LinkedHashMap<>(
                steps.containsKey(name) || BRANCHES.contains(name) ? common : Map.of());
        fields.putAll(entry(name).fields());
        if (fields.containsKey(EXPRESSION) && fields.get(EXPRESSION).isExpression()) {
            fields.putAll(expressions(fields.remove(EXPRESSION)));
        }
        return fields;
    }

    /** Returns the languages as the fields of a map that holds an expression of a type. */
    public Map<String, FieldType> expressions(FieldType type) {
        Map<String, FieldType> fields = new LinkedHashMap<>(languages.size());
        languages.keySet().forEach(language -> fields.put(language, type));
        return fields;
    }

    /** Returns whether a map has one of several such fields: a language of its expression, or a data format. */
    public boolean isAlternative(String field, FieldType type) {
        return type.kind().equals("format") || type.isExpression() && languages.containsKey(field);
    }

    /** Returns the type of every field and option by its name, such as {@code throttle.timePeriodMillis}. */
    public Map<String, FieldType> allFields() {
        Map<String, FieldType> all = new LinkedHashMap<>();
        entries().flatMap(kind -> kind.entrySet().stream()).forEach(entry -> entry.getValue().fields()
                .forEach((field, type) -> all.put(entry.getKey() + "." + field, type)));
        components.forEach((name, component) -> Objects.requireNonNullElse(component.options(), Map.<String,
                FieldType>of()).forEach((option, type) -> all.put(name + "." + option, type)));
        return all;
    }

    /** Returns the pattern of a type: routes set some headers of Camel, and no variables of the service. */
    String pattern(FieldType type) {
        return types.get(type.kind()).pattern().replace("%s", (type.kind().equals("header")
                ? headers.keySet().stream().filter(name -> name.startsWith("Camel"))
                : variables.keySet().stream().filter(name -> variables.get(name).ours()))
                .sorted().collect(Collectors.joining("|")));
    }

    /** Returns the names of the beans that options of components and data formats may have as values. */
    Set<String> optionBeans() {
        return Stream.concat(components.values().stream().map(Component::options).filter(Objects::nonNull),
                        formats.values().stream().map(Entry::fields))
                .flatMap(options -> options.values().stream()).flatMap(type -> type.values().stream())
                .map(value -> value.replaceFirst("^#", ""))
                .collect(Collectors.toUnmodifiableSet());
    }

    Set<String> calledBeans() {
        return functions.get("bean").texts().stream().map(text -> text.split("\\?")[0])
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns whether an address is one of a component that only an installation has in its language. */
    public static boolean isOfConnector(String uri) {
        return !PRODUCT.get("components").has(uri.split(":", 2)[0]);
    }

    /** Returns whether routes may name a class other than an exception. */
    public boolean isListed(Class<?> type) {
        String name = type.getName();
        return classes.contains(name) || classes.stream().anyMatch(entry ->
                entry.endsWith(".*") && name.startsWith(entry.substring(0, entry.length() - 1)));
    }

    /** Returns whether routes may read the setting of a key. */
    public boolean isReadable(String key) {
        return placeholders.stream().anyMatch(pattern -> KEYS.match(pattern, key));
    }

    /**
     * Returns what to write in place of a name that is not listed: the advice of the language, or the nearest listed
     * name.
     *
     * @param otherwise the result if neither exists
     */
    public String instead(String wrong, Collection<String> listed, String otherwise) {
        return instead.containsKey(wrong) ? instead.get(wrong) : NearestName.didYouMean(wrong, listed, otherwise);
    }
}
