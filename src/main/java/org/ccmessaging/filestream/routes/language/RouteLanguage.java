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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What route files may contain. Whatever is not listed does not exist for them (decision 0040). The lists stand in
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

    private static final String FILE = "file";

    /** A route that reads files needs it: component {@code file} moves one with <code>${file:parent}</code>. */
    private static final Function FILE_IN_HAND = new Function("The file that component file reads.", Form.TEXT,
            List.of("name", "onlyname", "parent", "path", "size", "modified"), null, null);

    /** Supplies a default for each list that a file leaves out. */
    public RouteLanguage {
        elements = orEmpty(elements);
        steps = orEmpty(steps);
        parts = orEmpty(parts);
        languages = orEmpty(languages);
        formats = orEmpty(formats);
        functions = orEmpty(functions);
        members = orEmpty(members);
        operators = operators == null ? Set.of() : operators;
        components = orEmpty(components);
        placeholders = placeholders == null ? Set.of() : placeholders;
        classes = classes == null ? Set.of() : classes;
        variables = orEmpty(variables);
        headers = orEmpty(headers);
        instead = orEmpty(instead);
    }

    private static <T> Map<String, T> orEmpty(Map<String, T> map) {
        return map == null ? Map.of() : map;
    }

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
            fields = orEmpty(fields);
        }

        private static Entry merge(Entry one, Entry other) {
            return new Entry(other.says == null ? one.says : other.says,
                    RouteLanguage.merge(one.fields, other.fields, (old, present) -> present));
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

        private static Component merge(Component one, Component other) {
            return new Component(other.says == null ? one.says : other.says,
                    other.path.isEmpty() ? one.path : other.path,
                    one.options == null || other.options == null ? one.options
                            : RouteLanguage.merge(one.options, other.options, (old, present) -> present),
                    one.needs, one.send);
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
        try (InputStream yaml = RouteLanguage.class.getResourceAsStream(RESOURCE)) {
            return parse(yaml);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", unreadable);
        }
    }

    /**
     * The language of an installation.
     *
     * @param file adds to that of the product; {@code null} for no file
     * @param more components that routes may use with any option
     * @param classes classes that routes may name, or packages ending in {@code .*}
     * @throws InvalidSettingException if the file cannot be read or has another form
     */
    public static RouteLanguage of(Path file, Set<String> more, Set<String> classes) {
        RouteLanguage language = ofProduct();
        if (file != null) {
            try (InputStream yaml = Files.newInputStream(file)) {
                language = language.with(parse(yaml));
            } catch (IOException | RuntimeException unreadable) {
                throw new InvalidSettingException(SETTING, file, "a file of the form that docs/connectors.md shows ("
                        + String.valueOf(unreadable.getMessage()).lines().findFirst().orElse("") + ")");
            }
        }
        Map<String, Component> components = new TreeMap<>(language.components);
        more.forEach(name -> components.putIfAbsent(name, new Component("A component of this installation.", null,
                null, null, null)));
        Map<String, Function> functions = new LinkedHashMap<>(language.functions);
        if (components.containsKey(FILE)) {
            functions.putIfAbsent(FILE, FILE_IN_HAND);
        }
        return new RouteLanguage(language.elements, language.steps, language.parts, language.languages,
                language.formats, functions, language.members, language.operators, components, language.placeholders,
                union(language.classes, classes), language.variables, language.headers, language.instead);
    }

    private static RouteLanguage parse(InputStream yaml) {
        Object tree = new Load(LoadSettings.builder().build()).loadFromInputStream(yaml);
        return JsonMapper.builder().enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS).build()
                .convertValue(tree, RouteLanguage.class);
    }

    private RouteLanguage with(RouteLanguage more) {
        return new RouteLanguage(merge(elements, more.elements, Entry::merge), merge(steps, more.steps, Entry::merge),
                merge(parts, more.parts, Entry::merge), merge(languages, more.languages, Entry::merge),
                merge(formats, more.formats, Entry::merge), merge(functions, more.functions, (old, present) -> present),
                merge(members, more.members, (old, present) -> present), union(operators, more.operators),
                merge(components, more.components, Component::merge), union(placeholders, more.placeholders),
                union(classes, more.classes), merge(variables, more.variables, (old, present) -> present),
                merge(headers, more.headers, (old, present) -> present),
                merge(instead, more.instead, (old, present) -> present));
    }

    private static <T> Map<String, T> merge(Map<String, T> one, Map<String, T> other, BinaryOperator<T> both) {
        Map<String, T> merged = new LinkedHashMap<>(one);
        other.forEach((name, value) -> merged.merge(name, value, both));
        return merged;
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> union = new LinkedHashSet<>(one);
        union.addAll(other);
        return union;
    }

    /** The entry of a map, whatever kind it is of; {@code null} if it is not listed. */
    Entry entry(String name) {
        return Stream.of(steps, parts, elements, languages, formats).map(kind -> kind.get(name))
                .filter(entry -> entry != null).findFirst().orElse(null);
    }

    /** The fields of a map, those that all steps have included. */
    Map<String, Map<String, Object>> fields(String name) {
        Map<String, Map<String, Object>> fields = new LinkedHashMap<>();
        boolean step = steps.containsKey(name) || List.of("when", "otherwise", "doCatch", "doFinally", "onFallback")
                .contains(name);
        COMMON.stream().filter(field -> step).forEach(field -> fields.put(field, Map.of()));
        fields.putAll(entry(name).fields());
        return fields;
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

    /** What differs from the language of the product, in words for the log; empty if nothing does. */
    public List<String> widened() {
        RouteLanguage product = ofProduct();
        List<String> widened = new ArrayList<>();
        added("element", elements.keySet(), product.elements.keySet(), widened);
        added("step", steps.keySet(), product.steps.keySet(), widened);
        added("language", languages.keySet(), product.languages.keySet(), widened);
        added("data format", formats.keySet(), product.formats.keySet(), widened);
        added("function", functions.keySet(), product.functions.keySet(), widened);
        added("member", members.keySet(), product.members.keySet(), widened);
        added("operator", operators, product.operators, widened);
        added("component", components.keySet(), product.components.keySet(), widened);
        added("placeholder", placeholders, product.placeholders, widened);
        added("class", classes, product.classes, widened);
        added("variable", variables.keySet(), product.variables.keySet(), widened);
        added("header", headers.keySet(), product.headers.keySet(), widened);
        for (String name : components.keySet()) {
            Component own = product.components.get(name);
            if (own != null && components.get(name).options != null) {
                added("option of " + name, components.get(name).options.keySet(), own.options.keySet(), widened);
            }
        }
        return widened;
    }

    private static void added(String what, Set<String> all, Set<String> own, List<String> widened) {
        all.stream().filter(name -> !own.contains(name)).forEach(name -> widened.add(what + " " + name));
    }
}
