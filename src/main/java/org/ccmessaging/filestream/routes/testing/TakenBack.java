package org.ccmessaging.filestream.routes.testing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Takes back settings of the installation that no other value could turn off. An empty address or folder would not do:
 * Spring Boot binds it to nothing, and then refuses the key as one that no field has.
 *
 * <ul>
 * <li>keys of an external issuer, which signs no token for a test
 * <li>rates, which would make a test depend on those before it
 * <li>the history, which is the running service's: a set that is only tried must not get into it
 * <li>the provider of the console, the stores of single branches and the proxy, which a test must not ask
 * </ul>
 */
final class TakenBack {

    private static final List<String> STARTS = List.of("filestreamauthjwkseturi", "filestreamdownloadratetenant",
            "filestreamdownloadrateapp", "filestreamconsoleoidcissueruri", "filestreamconsoleoidcclient",
            "filestreamrouteshistory", "filestreams3proxy");

    /** {@code filestream.storage.<branch>.s3.*}, and no branch that only has such a name. */
    private static final Pattern STORE_OF_A_BRANCH = Pattern.compile("filestreamstorage.+s3(endpoint|region|accesskey"
            + "|secretkey|pathstyleaccess|sslbundle|proxy|proxyusername|proxypassword|maxconnections|connecttimeout"
            + "|readtimeout|maxattempts|adaptiveconcurrency|verifyresponses|circuitopentime)");

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
        return STARTS.stream().anyMatch(letters::startsWith) || STORE_OF_A_BRANCH.matcher(letters).matches();
    }
}
