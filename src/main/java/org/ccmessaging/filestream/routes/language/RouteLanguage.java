package org.ccmessaging.filestream.routes.language;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.NearestName;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.springframework.util.AntPathMatcher;

/**
 * Lists what route files may contain. Whatever is not listed does not exist for them (decision 0025). The lists are in
 * {@code route-check/route-language.yaml}; {@code filestream.routes.language} names a file of the same form that adds
 * to them.
 *
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
 * @param instead what to write in place of some names that are not listed
 */
@JsonIgnoreProperties("closed")
public record RouteLanguage(Map<String, Entry> elements, Map<String, Entry> steps, Map<String, Entry> parts,
        Map<String, Entry> languages, Map<String, Entry> formats, Map<String, Function> functions,
        Map<String, String> members, Set<String> operators, Map<String, Component> components,
        Set<String> placeholders, Set<String> classes, Map<String, Variable> variables, Map<String, String> headers,
        Map<String, String> instead) {

    /** Not below {@code routes/}, which Spring would take for the folder of filestream.routes.directory. */
    private static final String RESOURCE = "/route-check/route-language.yaml";

    private static final String SETTING = "filestream.routes.language";

    private static final List<String> COMMON = List.of("id", "description", "note", "disabled");

    /** Parts of a step that hold steps too. */
    public static final List<String> BRANCHES = List.of("when", "otherwise", "doCatch", "doFinally", "onFallback");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS).build();

    private static final JsonNode PRODUCT = product();

    private static final AntPathMatcher KEYS = new AntPathMatcher(".");

    /**
     * A map of a route file: an element, a step, a part of one, a language or a data format.
     *
     * @param says one sentence for authors
     * @param fields its fields, each with a JSON schema that narrows Camel's
     */
    @JsonIgnoreProperties("closed")
    public record Entry(String says, @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, Map<String, Object>> fields) {
    }

    /**
     * A component.
     *
     * @param says one sentence for authors
     * @param path the options that stand in the address, in order
     * @param options the other options, each with a JSON schema that narrows Camel's; {@code null} for all whose name
     *     has no dot and whose value names no bean or class
     * @param needs options that a step must set
     * @param frame whether only the frame uses it
     */
    @JsonIgnoreProperties("closed")
    public record Component(String says, @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> path,
            Map<String, Map<String, Object>> options, @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> needs,
            boolean frame) {
    }

    /**
     * The syntax after the first word of a function: nothing, members, a name and then members, one of the listed texts
     * and what follows a further colon, or a listed type in brackets and then members.
     */
    public enum Form { ALONE, PATH, NAMED, TEXT, CAST }

    /**
     * A function of Simple.
     *
     * @param says one sentence for authors
     * @param form what may follow its first word
     * @param texts the texts or types of {@link Form#TEXT} and {@link Form#CAST}
     * @param members the members that may follow; {@code null} for all
     * @param logged members that only a step {@code log} may show
     */
    public record Function(String says, Form form, List<String> texts, Set<String> members,
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
     * @param components components that routes may use with any option
     * @param classes classes that routes may name, or packages ending in {@code .*}
     * @throws InvalidSettingException if the file cannot be read or has another form
     */
    public static RouteLanguage of(Path file, Set<String> components, Set<String> classes) {
        ObjectNode tree = PRODUCT.deepCopy();
        try {
            if (file != null) {
                // Merges maps, and appends to lists.
                JSON.readerForUpdating(tree).readValue(parse(Files.newInputStream(file)));
            }
            ObjectNode listed = tree.withObject("/components");
            components.stream().filter(name -> !listed.has(name)).forEach(name ->
                    listed.putObject(name).put("says", "A component of this installation."));
            classes.forEach(tree.withArray("classes")::add);
            return JSON.treeToValue(tree, RouteLanguage.class);
        } catch (IOException | RuntimeException unreadable) {
            throw new InvalidSettingException(SETTING, file, "a file of the form that docs/connectors.md shows ("
                    + String.valueOf(unreadable.getMessage()).lines().findFirst().orElse("") + ")");
        }
    }

    private static JsonNode product() {
        try {
            return parse(RouteLanguage.class.getResourceAsStream(RESOURCE));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", unreadable);
        }
    }

    private static JsonNode parse(InputStream yaml) throws IOException {
        try (yaml) {
            return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromInputStream(yaml));
        }
    }

    /** Returns the entry of a step, part, element, language or data format; {@code null} if it is not listed. */
    Entry entry(String name) {
        return Stream.of(steps, parts, elements, languages, formats).map(kind -> kind.get(name))
                .filter(entry -> entry != null).findFirst().orElse(null);
    }

    /** Returns the fields of an entry, including those that all steps have. */
    Map<String, Map<String, Object>> fields(String name) {
        Map<String, Map<String, Object>> fields = new LinkedHashMap<>();
        boolean step = steps.containsKey(name) || BRANCHES.contains(name);
        COMMON.stream().filter(field -> step).forEach(field -> fields.put(field, Map.of()));
        fields.putAll(entry(name).fields());
        return fields;
    }

    /** Returns the names of the beans that options of components and data formats may have as values. */
    Set<String> optionBeans() {
        return Stream.concat(components.values().stream().map(Component::options).filter(Objects::nonNull),
                        formats.values().stream().map(Entry::fields))
                .flatMap(options -> options.values().stream()).map(narrower -> narrower.get("enum"))
                .filter(List.class::isInstance).flatMap(values -> ((List<?>) values).stream())
                .map(value -> value.toString().replaceFirst("^#", "")).collect(Collectors.toUnmodifiableSet());
    }

    Set<String> calledBeans() {
        return functions.get("bean").texts().stream().map(text -> text.split("\\?")[0])
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean isListed(Class<?> type) {
        String name = type.getName();
        return Throwable.class.isAssignableFrom(type) || classes.contains(name) || classes.stream().anyMatch(entry ->
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

    /** Returns the keys of the file that the installation adds to the language of the product. */
    public List<String> widened() {
        List<String> widened = new ArrayList<>();
        added("", JSON.convertValue(this, Map.class), JSON.convertValue(ofProduct(), Map.class), widened);
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
