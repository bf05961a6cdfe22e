package org.ccmessaging.filestream.settings;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.core.ResolvableType;

/**
 * The keys of all {@code filestream.*} settings, from the classes that hold them. The key of a map has a placeholder
 * for any name, as in {@code filestream.storage.<name>.type}.
 */
final class SettingKeys {

    private static final String PREFIX = "filestream.";
    private static final String NAME = "<name>";

    /** Variables that Kubernetes adds to each container for a service called filestream or filestream-something. */
    private static final String OF_KUBERNETES =
            "(?i)FILESTREAM(_.+)?_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_.+)?)?)";

    /** Settings that the product no longer has. A start names what replaces them, and ignores them. */
    private static final Map<String, String> FORMER = Map.of(
            "filestream.http.idle-timeout", "filestream.http.header-timeout and filestream.http.body-timeout",
            "filestream.routes.components", "the file of filestream.routes.language",
            "filestream.routes.classes", "the file of filestream.routes.language",
            "filestream.routes.tests-before-swap", "`routes test` in a pipeline, and `routes reload`, which runs it",
            "filestream.routes.tests-timeout", "the time limit of the pipeline that runs `routes test`",
            "filestream.routes.rehearsal-policy", "the exit status of `routes rehearse`",
            "management.otlp.tracing.endpoint", "management.opentelemetry.tracing.export.otlp.endpoint");

    private final List<String> keys = new ArrayList<>();
    private final List<Pattern> spellings;
    private final List<Pattern> variables;

    /** @param settings the classes by their prefix */
    SettingKeys(Map<String, Class<?>> settings) {
        settings.forEach((prefix, type) -> addBelow(prefix, ResolvableType.forClass(type)));
        spellings = keys.stream().map(key -> pattern(key, "\\.", "[.\\[].+", "(\\[\\d+])?")).toList();
        variables = keys.stream().flatMap(key -> Stream.of(variable(key), key.replace("-", "")))
                .map(key -> pattern(key, "_", "_.+", "(_\\d+)*_?")).toList();
    }

    /**
     * Returns a key with an underscore for each dash, as Spring reads it from a variable. But Spring finds the names
     * of a map of texts only in variables without the dash, and ignores the others without a word.
     */
    private static String variable(String key) {
        return key.replace("-", key.endsWith(NAME) ? "" : "_");
    }

    private void addBelow(String prefix, ResolvableType type) {
        Class<?> raw = type.toClass();
        if (Map.class.isAssignableFrom(raw)) {
            addBelow(prefix + "." + NAME, type.as(Map.class).getGeneric(1));
        } else if (Collection.class.isAssignableFrom(raw) && type.getGeneric(0).toClass().isRecord()) {
            addBelow(prefix + "." + NAME, type.getGeneric(0));
        } else if (raw.isRecord()) {
            Constructor<?> bound = Stream.of(raw.getDeclaredConstructors())
                    .filter(constructor -> constructor.isAnnotationPresent(ConstructorBinding.class)).findFirst()
                    .orElseGet(() -> BeanUtils.getResolvableConstructor(raw));
            for (int i = 0; i < bound.getParameterCount(); i++) {
                ResolvableType member = ResolvableType.forConstructorParameter(bound, i);
                // An issuer of tokens has further issuers, and those have none.
                if (!prefix.contains(NAME) || member.getGeneric(1).toClass() != raw) {
                    addBelow(prefix + "." + DataObjectPropertyName.toDashedForm(bound.getParameters()[i].getName()),
                            member);
                }
            }
        } else {
            keys.add(prefix);
        }
    }

    private static Pattern pattern(String key, String dot, String name, String item) {
        return Pattern.compile(key.replace("." + NAME, NAME).replace(".", dot).replace("-", "[-_]?")
                .replace(NAME, name) + item, Pattern.CASE_INSENSITIVE);
    }

    /** Returns what replaces a former setting, by its key or its variable in any spelling. */
    static Optional<String> replacement(String name) {
        return FORMER.entrySet().stream().filter(former -> letters(former.getKey()).equals(letters(name)))
                .map(Map.Entry::getValue).findFirst();
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }

    /** Returns whether a key or a variable has our prefix and is not a setting in any spelling that Spring reads. */
    boolean isUnknown(String name) {
        boolean key = name.startsWith(PREFIX);
        return (key || name.toUpperCase(Locale.ROOT).startsWith("FILESTREAM_") && !name.matches(OF_KUBERNETES))
                && (key ? spellings : variables).stream().noneMatch(known -> known.matcher(name).matches())
                && replacement(name).isEmpty();
    }

    /** Returns the name that is nearest to an unknown one, with the same keys of maps and in the same form. */
    Optional<String> nearest(String unknown) {
        if (!unknown.startsWith(PREFIX)) {
            return NearestName.of(unknown, keys.stream()
                    .map(known -> variable(known).replace('.', '_').toUpperCase(Locale.ROOT)).toList());
        }
        List<String> parts = List.of(unknown.split("\\."));
        return NearestName.of(unknown, keys.stream().map(known -> {
            int name = List.of(known.split("\\.")).indexOf(NAME);
            return name < 0 || name >= parts.size() ? known : known.replace(NAME, parts.get(name));
        }).toList());
    }
}
