package org.ccmessaging.filestream.settings;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Servers by their names or addresses, each as {@code host} for any of its ports or as {@code host:port}. An address of
 * IPv6 stands in brackets. {@code filestream.routes.hosts} is such a list: routes call no other server by HTTP.
 */
public final class CalledHosts {

    private static final Pattern ENTRY = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:\\d{1,5})?");

    private final Set<String> entries;

    /** @param entries the list, in any case of letters */
    public CalledHosts(Collection<String> entries) {
        this.entries = entries.stream().map(entry -> entry.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** @throws InvalidSettingException if the text is no host and no {@code host:port} */
    static void check(String key, String entry) {
        SettingChecks.refuseIf(entry == null || !ENTRY.matcher(entry).matches(), key, entry,
                "a host or host:port such as scanner.example.com:8000, without http:// and without a path");
    }

    /**
     * Returns whether the list has the server. A name in the list does not stand for its address, nor the reverse.
     *
     * @param host a name or an address, as in a URL; IPv6 with or without brackets
     * @param port the port that the URL names or its scheme implies
     */
    public boolean allows(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        String entry = name.indexOf(':') < 0 || name.startsWith("[") ? name : "[" + name + "]";
        return entries.contains(entry) || entries.contains(entry + ":" + port);
    }
}
