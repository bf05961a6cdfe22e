package org.ccmessaging.filestream.brake;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What counts as one sender: an IPv4 address, or an IPv6 network of 64 bits, which is what one customer is given. */
final class Networks {

    /** Looks up no name, because nothing but digits, colons and dots gets there. */
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

    private static final int NETWORK_BYTES = 8;

    private Networks() {
    }

    /** @param address as a connection has it; {@code null} or a text that is no address counts as it is */
    static String of(String address) {
        if (address == null) {
            return "unknown";
        }
        String plain = address.replaceAll("^\\[|]$|%.*$", "");
        if (!IPV6.matcher(plain).matches()) {
            return address;
        }
        try {
            InetAddress parsed = InetAddress.getByName(plain);
            // Java makes an IPv4 address of one that is mapped into IPv6.
            return parsed instanceof Inet6Address
                    ? HexFormat.ofDelimiter(":").formatHex(parsed.getAddress(), 0, NETWORK_BYTES) + "::/64"
                    : parsed.getHostAddress();
        } catch (UnknownHostException malformed) {
            return address;
        }
    }
}
