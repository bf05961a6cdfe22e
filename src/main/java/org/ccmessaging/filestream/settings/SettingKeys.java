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

    private final List<String> keys = new ArrayList<>();
    private final List<Pattern> spellings;

    /** @param settings the classes by their prefix */
    SettingKeys(Map<String, Class<?>> settings) {
        settings.forEach((prefix, type) -> addBelow(prefix, ResolvableType.forClass(type)));
        spellings = keys.stream().map(SettingKeys::pattern).toList();
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

    private static Pattern pattern(String key) {
        return Pattern.compile(key.replace("." + NAME, NAME).replace(".", "\\.").replace("-", "[-_]?")
                .replace(NAME, "[.\\[].+") + "(\\[\\d+])?", Pattern.CASE_INSENSITIVE);
    }

    /** Returns how a variable spells a key. */
    static String variable(String key) {
        return key.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
    }

    /** Returns whether a name is a key in any spelling that Spring reads. */
    boolean isKey(String name) {
        return spellings.stream().anyMatch(known -> known.matcher(name).matches());
    }

    /** Returns whether a name has the form of our keys or of our variables. */
    static boolean isOurs(String name) {
        return name.startsWith(PREFIX)
                || name.toUpperCase(Locale.ROOT).startsWith("FILESTREAM_") && !name.matches(OF_KUBERNETES);
    }

    /** Returns the name that is nearest to an unknown one, with the same keys of maps and in the same form. */
    Optional<String> nearest(String unknown) {
        if (!unknown.startsWith(PREFIX)) {
            return keys.stream().filter(key -> key.contains(NAME)).map(key -> member(key, variable(unknown)))
                    .flatMap(Optional::stream).findFirst()
                    .or(() -> NearestName.of(unknown, keys.stream().map(SettingKeys::variable).toList()));
        }
        List<String> parts = List.of(unknown.split("\\."));
        return NearestName.of(unknown, keys.stream().map(known -> {
            int name = List.of(known.split("\\.")).indexOf(NAME);
            return name < 0 || name >= parts.size() ? known : known.replace(NAME, parts.get(name));
        }).toList());
    }

    /** Returns the variable of a member of a map. It has no dash up to the end of the name. */
    private static Optional<String> member(String key, String unknown) {
        String map = key.substring(0, key.indexOf(NAME));
        String setting = variable(key.substring(map.length() + NAME.length()));
        int name = variable(map).length();
        int end = unknown.length() - setting.length();
        return unknown.startsWith(variable(map)) && unknown.endsWith(setting) && name < end
                ? Optional.of(variable(map.replace("-", "")) + unknown.substring(name, end).replace("_", "") + setting)
                : Optional.empty();
    }
}
