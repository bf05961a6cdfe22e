package org.ccmessaging.filestream.toolkit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * The part of an address that counts as one client: an IPv4 address, or the first 64 bits of an IPv6 address, because
 * one customer usually has all addresses that share them.
 */
public final class Network {

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern LITERAL =
            Pattern.compile("(" + OCTET + "\\.){3}" + OCTET + "|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final Pattern FIRST_64_BITS = Pattern.compile("^((?:[^:]+:){4}).*$");

    private Network() {
    }

    /** Returns the address of a literal, or {@code null} if the text is no address. It never looks up a name. */
    public static InetAddress parse(String literal) {
        try {
            return LITERAL.matcher(literal).matches() ? InetAddress.getByName(literal) : null;
        } catch (UnknownHostException malformed) {
            return null;
        }
    }

    /** Returns the IPv4 address, or the network of the IPv6 address such as {@code 2001:db8:0:7::/64}. */
    public static String of(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? FIRST_64_BITS.matcher(text).replaceFirst("$1:/64") : text;
    }

    /** @param address with or without brackets and zone; a text that is no address is a network of its own */
    public static String of(String address) {
        InetAddress parsed = parse(address.replaceAll("^\\[|]$|%.*$", ""));
        return parsed == null ? address : of(parsed);
    }
}
