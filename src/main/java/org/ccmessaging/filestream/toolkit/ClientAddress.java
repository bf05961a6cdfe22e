package org.ccmessaging.filestream.toolkit;

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

    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
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

    /**
     * Returns the part of an address that counts as one client: an IPv4 address, or the network of an IPv6 address such
     * as {@code 2001:db8:0:7::/64}, because one customer usually has all addresses of such a network.
     *
     * @param address with or without brackets and zone; any other text is its own network, and is never looked up
     */
    public static String network(String address) {
        String literal = address.replaceAll("^\\[|]$|%.*$", "");
        try {
            return IPV6.matcher(literal).matches() ? FIRST_64_BITS.matcher(
                    InetAddress.getByName(literal).getHostAddress()).replaceFirst("$1:/64") : address;
        } catch (UnknownHostException malformed) {
            return address;
        }
    }
}
