package org.ccmessaging.filestream.settings;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The keys of all {@code filestream.*} settings, from the metadata that the build makes of the settings classes. The
 * key of a map has a placeholder for any name, as in {@code filestream.storage.<name>.type}.
 */
final class SettingKeys {

    private static final String METADATA = "/META-INF/spring-configuration-metadata.json";
    private static final String PREFIX = "filestream.";
    private static final String NAME = "<name>";
    private static final Pattern TYPE = Pattern.compile("(java\\.util\\.Map<java\\.lang\\.String,)?([\\w.$]+)>?");

    /** Variables that Kubernetes adds to each container for a service called filestream or filestream-something. */
    private static final String OF_KUBERNETES =
            "(?i)FILESTREAM(_.+)?_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_.+)?)?)";

    private final List<String> keys = new ArrayList<>();
    private final List<Pattern> spellings;
    private final List<Pattern> variables;

    SettingKeys() {
        // Jackson closes the stream.
        for (JsonNode property : new JsonMapper().readTree(SettingKeys.class.getResourceAsStream(METADATA))
                .get("properties")) {
            String key = property.get("name").asString();
            Matcher type = TYPE.matcher(property.path("type").asString(""));
            if (key.startsWith(PREFIX) && type.matches()) {
                addBelow(type.group(1) == null ? key : key + "." + NAME,
                        ResolvableType.forClass(ClassUtils.resolveClassName(type.group(2), null)));
            } else if (key.startsWith(PREFIX)) {
                keys.add(key);
            }
        }
        spellings = keys.stream().map(key -> pattern(key, "\\.", "[.\\[].+", "(\\[\\d+])?")).toList();
        // Spring reads a variable with an underscore for each dash, or for none.
        variables = keys.stream().flatMap(key -> Stream.of(key.replace('-', '_'), key.replace("-", "")))
                .map(key -> pattern(key, "_", "_.+", "(_\\d+)*_?")).toList();
    }

    private void addBelow(String prefix, ResolvableType type) {
        Class<?> raw = type.toClass();
        ResolvableType item = Collection.class.isAssignableFrom(raw) ? type.getGeneric(0) : type.getGeneric(1);
        if (item.toClass().isRecord()) {
            addBelow(prefix + "." + NAME, item);
        } else if (raw.isRecord()) {
            for (RecordComponent component : raw.getRecordComponents()) {
                ResolvableType its = ResolvableType.forMethodReturnType(component.getAccessor());
                // An issuer of tokens has further issuers, and those have none.
                if (!prefix.contains(NAME) || its.getGeneric(1).toClass() != raw) {
                    addBelow(prefix + "." + component.getName().replaceAll("(\\p{Upper})", "-$1")
                            .toLowerCase(Locale.ROOT), its);
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

    /** Returns whether a key or a variable has our prefix and is not a setting in any spelling that Spring reads. */
    boolean isUnknown(String name) {
        boolean key = name.startsWith(PREFIX);
        return (key || name.toUpperCase(Locale.ROOT).startsWith("FILESTREAM_") && !name.matches(OF_KUBERNETES))
                && (key ? spellings : variables).stream().noneMatch(known -> known.matcher(name).matches());
    }

    /** Returns the name that is nearest to an unknown one, with the same keys of maps and in the same form. */
    Optional<String> nearest(String unknown) {
        if (!unknown.startsWith(PREFIX)) {
            return NearestName.of(unknown, keys.stream()
                    .map(known -> known.replace('-', '_').replace('.', '_').toUpperCase(Locale.ROOT)).toList());
        }
        List<String> parts = List.of(unknown.split("\\."));
        return NearestName.of(unknown, keys.stream().map(known -> {
            int name = List.of(known.split("\\.")).indexOf(NAME);
            return name < 0 || name >= parts.size() ? known : known.replace(NAME, parts.get(name));
        }).toList());
    }
}
