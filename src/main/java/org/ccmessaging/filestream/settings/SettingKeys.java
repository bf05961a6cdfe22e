package org.ccmessaging.filestream.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.util.ClassUtils;

/**
 * The keys of all {@code filestream.*} settings, from the metadata that the build makes of the settings classes. In a
 * key of a map, such as {@code filestream.storage.<name>.type}, any name may stand.
 */
final class SettingKeys {

    private static final String METADATA = "/META-INF/spring-configuration-metadata.json";
    private static final String PREFIX = "filestream.";
    private static final String NAME = "<name>";
    private static final String ITEM = "(\\[\\d+])?";
    private static final Pattern MAP = Pattern.compile("java\\.util\\.Map<java\\.lang\\.String,(.+)>");

    /** What Kubernetes adds to each container for a service that is called filestream or filestream-something. */
    private static final Pattern OF_KUBERNETES =
            Pattern.compile("FILESTREAM(_.+)?_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_.+)?)?)");

    private final List<String> keys;
    private final List<Pattern> spellings;

    private SettingKeys(List<String> keys) {
        this.keys = keys;
        this.spellings = keys.stream().map(known -> Pattern.compile(known.replace(".", "\\.").replace("-", "[-_]?")
                .replace("\\." + NAME, "[.\\[].+") + ITEM, Pattern.CASE_INSENSITIVE)).toList();
    }

    static SettingKeys read() {
        try (InputStream json = SettingKeys.class.getResourceAsStream(METADATA)) {
            List<String> keys = new ArrayList<>();
            for (JsonNode property : new ObjectMapper().readTree(json).get("properties")) {
                String key = property.get("name").asText();
                Matcher map = MAP.matcher(property.path("type").asText());
                if (key.startsWith(PREFIX) && map.matches()) {
                    addBelow(key + "." + NAME, ClassUtils.resolveClassName(map.group(1), null), keys);
                } else if (key.startsWith(PREFIX)) {
                    keys.add(key);
                }
            }
            return new SettingKeys(List.copyOf(keys));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(METADATA + " cannot be read", unreadable);
        }
    }

    private static void addBelow(String prefix, Class<?> type, List<String> keys) {
        if (!type.isRecord()) {
            keys.add(prefix);
            return;
        }
        for (RecordComponent component : type.getRecordComponents()) {
            addBelow(prefix + "." + component.getName().replaceAll("(\\p{Upper})", "-$1").toLowerCase(Locale.ROOT),
                    component.getType(), keys);
        }
    }

    /** Whether a key of a file or of a system property is one of a setting, in any spelling that Spring accepts. */
    boolean isKnown(String key) {
        return spellings.stream().anyMatch(known -> known.matcher(key).matches());
    }

    /** The key that is nearest to a wrong one, with the name that the wrong one has in a map. */
    Optional<String> nearest(String wrong) {
        List<String> parts = List.of(wrong.split("\\."));
        return NearestName.of(wrong, keys.stream().map(known -> {
            int name = List.of(known.split("\\.")).indexOf(NAME);
            return name < 0 || name >= parts.size() ? known : known.replace(NAME, parts.get(name));
        }).toList());
    }

    /** Whether an environment variable is that of a setting, or has its name from somebody else's service. */
    boolean isVariable(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return OF_KUBERNETES.matcher(upper).matches() || keys.stream().anyMatch(known ->
                upper.matches(variable(known, "_").replace("<NAME>", ".+") + "(_\\d+)*_?")
                || upper.matches(variable(known, "").replace("<NAME>", ".+") + "(_\\d+)*_?"));
    }

    /** The environment variable that is nearest to a wrong one. */
    Optional<String> nearestVariable(String wrong) {
        return NearestName.of(wrong, keys.stream().map(known -> variable(known, "_")).toList());
    }

    private static String variable(String key, String dash) {
        return key.replace("-", dash).replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
