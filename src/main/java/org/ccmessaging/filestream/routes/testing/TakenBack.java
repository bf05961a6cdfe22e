package org.ccmessaging.filestream.routes.testing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Takes back settings of the installation that no other value could turn off: keys of an external issuer, which signs
 * no token for a test, and rates, which would make a test depend on those before it.
 */
final class TakenBack {

    private static final List<String> STARTS = List.of("filestreamauthjwkseturi", "filestreamdownloadratetenant",
            "filestreamdownloadrateapp");

    private TakenBack() {
    }

    static void from(MutablePropertySources sources) {
        for (PropertySource<?> source : List.copyOf(sources.stream().toList())) {
            if (source instanceof MapPropertySource map
                    && map.getSource().keySet().stream().anyMatch(TakenBack::isOne)) {
                Map<String, Object> rest = new LinkedHashMap<>(map.getSource());
                rest.keySet().removeIf(TakenBack::isOne);
                sources.replace(source.getName(), source instanceof SystemEnvironmentPropertySource
                        ? new SystemEnvironmentPropertySource(source.getName(), rest)
                        : new MapPropertySource(source.getName(), rest));
            }
        }
    }

    private static boolean isOne(String key) {
        String letters = key.replaceAll("[-._]", "").toLowerCase(Locale.ROOT);
        return STARTS.stream().anyMatch(letters::startsWith);
    }
}
