package org.ccmessaging.filestream.toolkit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/**
 * The address that a request came from. It is an exchange property that the HTTP edge sets, so no header of a client
 * can name it.
 */
public final class ClientAddress {

    /** Name of the exchange property. */
    public static final String PROPERTY = "clientAddress";

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern LITERAL =
            Pattern.compile("(" + OCTET + "\\.){3}" + OCTET + "|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final Pattern FIRST_64_BITS = Pattern.compile("^((?:[^:]+:){4}).*$");

    private ClientAddress() {
    }

    /**
     * Returns the address of the peer, or the one that a trusted proxy names; {@code null} if no HTTP request started
     * the exchange.
     */
    public static String of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, String.class);
    }

    /** Returns the address of a literal, or {@code null} if the text is not an address. It never looks up a name. */
    public static InetAddress parse(String literal) {
        try {
            return LITERAL.matcher(literal).matches() ? InetAddress.getByName(literal) : null;
        } catch (UnknownHostException malformed) {
            return null;
        }
    }

    /**
     * Returns the part of an address that counts as one client: an IPv4 address, or the network of an IPv6 address such
     * as {@code 2001:db8:0:7::/64}, because one customer usually has all addresses of such a network.
     */
    public static String network(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? FIRST_64_BITS.matcher(text).replaceFirst("$1:/64") : text;
    }

    /** @param address with or without brackets and zone; any other text is its own network */
    public static String network(String address) {
        InetAddress parsed = parse(address.replaceAll("^\\[|]$|%.*$", ""));
        return parsed == null ? address : network(parsed);
    }
}
