package org.ccmessaging.filestream.routes.language;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.NearestName;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What route files may contain. Whatever is not listed does not exist for them (decision 0025). The lists stand in
 * {@code route-check/route-language.yaml}; {@code filestream.routes.language} names a file of the same form that adds
 * to them.
 *
 * @param elements what stands at the top of a file
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
 * @param variables the variables that the service knows
 * @param headers headers that routes set and read, each with a sentence for authors
 * @param instead what to write in place of some names that are not listed
 */
@JsonIgnoreProperties("closed")
public record RouteLanguage(Map<String, Entry> elements, Map<String, Entry> steps, Map<String, Entry> parts,
        Map<String, Entry> languages, Map<String, Entry> formats, Map<String, Function> functions,
        Map<String, String> members, Set<String> operators, Map<String, Component> components,
        Set<String> placeholders, Set<String> classes, Map<String, Variable> variables, Map<String, String> headers,
        Map<String, String> instead) {

    /** Not below {@code routes/}: Spring would take that for the folder of setting filestream.routes.directory. */
    private static final String RESOURCE = "/route-check/route-language.yaml";

    private static final String SETTING = "filestream.routes.language";

    /** Fields that every step has. */
    private static final List<String> COMMON = List.of("id", "description", "note", "disabled");

    /** What a step holds beside its steps: each is a part with steps of its own. */
    public static final List<String> BRANCHES = List.of("when", "otherwise", "doCatch", "doFinally", "onFallback");

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS).build();

    private static final Map<String, Object> PRODUCT = product();

    /**
     * A map of a route file: an element, a step, a part of one, a language or a data format.
     *
     * @param says one sentence for authors
     * @param fields its fields, each with a JSON schema that narrows Camel's
     */
    @JsonIgnoreProperties("closed")
    public record Entry(String says, Map<String, Map<String, Object>> fields) {

        /** Supplies no fields where there are none. */
        public Entry {
            fields = fields == null ? Map.of() : fields;
        }
    }

    /**
     * A component.
     *
     * @param says one sentence for authors
     * @param path the options that stand in the address, in order
     * @param options the other options, each with a JSON schema that narrows Camel's; {@code null} for all whose name
     *     has no dot and whose value names no bean or class
     * @param needs options that a step must set
     * @param send the variable that a step must send; {@code null} for any, or the body
     */
    @JsonIgnoreProperties("closed")
    public record Component(String says, List<String> path, Map<String, Map<String, Object>> options,
            List<String> needs, String send) {

        /** Supplies no path and no needs where there are none. */
        public Component {
            path = path == null ? List.of() : path;
            needs = needs == null ? List.of() : needs;
        }
    }

    /** What may follow the first word of a function. */
    public enum Form {
        /** Nothing. */
        ALONE,
        /** Members. */
        PATH,
        /** A name, and then members. */
        NAMED,
        /** One of the listed texts; the text and what follows a further colon. */
        TEXT,
        /** A listed type in brackets, and then members. */
        CAST
    }

    /**
     * A function of Simple.
     *
     * @param says one sentence for authors
     * @param form what may follow its first word
     * @param texts the texts or types of {@link Form#TEXT} and {@link Form#CAST}
     * @param members the members that may follow; {@code null} for all
     * @param logged those of the members that a step {@code log} alone shows
     */
    public record Function(String says, Form form, List<String> texts, Set<String> members, Set<String> logged) {

        /** Supplies no logged members where there are none. */
        public Function {
            logged = logged == null ? Set.of() : logged;
        }
    }

    /**
     * A variable that the service knows.
     *
     * @param says one sentence for authors
     * @param ours whether the service alone sets it
     * @param members what may follow its name, besides text functions; {@code null} for nothing
     */
    public record Variable(String says, boolean ours, Set<String> members) {
    }

    /** The language of the product. */
    public static RouteLanguage ofProduct() {
        return of(PRODUCT);
    }

    /**
     * The language of an installation.
     *
     * @param file adds to that of the product; {@code null} for no file
     * @param components components that routes may use with any option
     * @param classes classes that routes may name, or packages ending in {@code .*}
     * @throws InvalidSettingException if the file cannot be read or has another form
     */
    public static RouteLanguage of(Path file, Set<String> components, Set<String> classes) {
        Map<String, Object> tree = PRODUCT;
        try {
            tree = file == null ? tree : merged(tree, parse(Files.newInputStream(file)));
            Set<?> listed = ((Map<?, ?>) tree.get("components")).keySet();
            Map<String, Object> more = components.stream().filter(name -> !listed.contains(name)).collect(
                    Collectors.toMap(name -> name, name -> Map.of("says", "A component of this installation.")));
            return of(merged(tree, Map.of("components", more, "classes", List.copyOf(classes))));
        } catch (IOException | RuntimeException unreadable) {
            throw new InvalidSettingException(SETTING, file, "a file of the form that docs/connectors.md shows ("
                    + String.valueOf(unreadable.getMessage()).lines().findFirst().orElse("") + ")");
        }
    }

    private static RouteLanguage of(Map<String, Object> tree) {
        return MAPPER.convertValue(tree, RouteLanguage.class);
    }

    private static Map<String, Object> product() {
        try {
            return parse(RouteLanguage.class.getResourceAsStream(RESOURCE));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", unreadable);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> parse(InputStream yaml) throws IOException {
        try (yaml) {
            return (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromInputStream(yaml);
        }
    }

    /** Maps with the members of both, and lists with the items of both; of two other values the second. */
    @SuppressWarnings("unchecked")
    private static <T> T merged(T one, T other) {
        if (one instanceof Map<?, ?> && other instanceof Map<?, ?> more) {
            Map<Object, Object> merged = new LinkedHashMap<>((Map<?, ?>) one);
            more.forEach((name, value) -> merged.merge(name, value, RouteLanguage::merged));
            return (T) merged;
        }
        return one instanceof List<?> list && other instanceof List<?> more
                ? (T) Stream.concat(list.stream(), more.stream()).distinct().toList() : other;
    }

    /** The entry of a map, whatever kind it is of; {@code null} if it is not listed. */
    Entry entry(String name) {
        return Stream.of(steps, parts, elements, languages, formats).map(kind -> kind.get(name))
                .filter(entry -> entry != null).findFirst().orElse(null);
    }

    /** The fields of a map, those that all steps have included. */
    Map<String, Map<String, Object>> fields(String name) {
        Map<String, Map<String, Object>> fields = new LinkedHashMap<>();
        boolean step = steps.containsKey(name) || BRANCHES.contains(name);
        COMMON.stream().filter(field -> step).forEach(field -> fields.put(field, Map.of()));
        fields.putAll(entry(name).fields());
        return fields;
    }

    /** The names of beans among the values that options of components and data formats may have. */
    Set<String> optionBeans() {
        return Stream.concat(components.values().stream().map(Component::options).filter(Objects::nonNull),
                        formats.values().stream().map(Entry::fields))
                .flatMap(options -> options.values().stream()).map(narrower -> narrower.get("enum"))
                .filter(List.class::isInstance).flatMap(values -> ((List<?>) values).stream())
                .map(value -> value.toString().replaceFirst("^#", "")).collect(Collectors.toUnmodifiableSet());
    }

    /** The beans whose methods expressions call. */
    Set<String> calledBeans() {
        return functions.get("bean").texts().stream().map(text -> text.split("\\?")[0])
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns whether routes may name a class. */
    boolean isListed(Class<?> type) {
        String name = type.getName();
        return Throwable.class.isAssignableFrom(type) || classes.contains(name) || classes.stream().anyMatch(entry ->
                entry.endsWith(".*") && name.startsWith(entry.substring(0, entry.length() - 1)));
    }

    /** Returns whether routes may read the setting of a key. */
    public boolean isReadable(String key) {
        return placeholders.stream().anyMatch(pattern -> Stream.of(pattern.split("\\*\\*", -1))
                .map(any -> Stream.of(any.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining("[^.]+")))
                .collect(Collectors.collectingAndThen(Collectors.joining(".+"), key::matches)));
    }

    /**
     * Returns what to write in place of a name that is not listed: what the language says, or the nearest of the names
     * that are.
     *
     * @param otherwise if neither is there
     */
    public String instead(String wrong, Collection<String> listed, String otherwise) {
        return instead.containsKey(wrong) ? instead.get(wrong) : NearestName.didYouMean(wrong, listed, otherwise);
    }

    /** What differs from the language of the product, by the keys of the file; empty if nothing does. */
    public List<String> widened() {
        List<String> widened = new ArrayList<>();
        added("", MAPPER.convertValue(this, Map.class), MAPPER.convertValue(ofProduct(), Map.class), widened);
        return widened;
    }

    private static void added(String path, Map<?, ?> all, Map<?, ?> own, List<String> widened) {
        all.forEach((name, value) -> {
            if (!own.containsKey(name)) {
                widened.add(path + name);
            } else if (value instanceof Map<?, ?> map && own.get(name) instanceof Map<?, ?> known) {
                added(path + name + ".", map, known, widened);
            } else if (value instanceof List<?> list && own.get(name) instanceof List<?> known) {
                list.stream().filter(item -> !known.contains(item)).forEach(item ->
                        widened.add(path + name + " " + item));
            }
        });
    }
}
