package org.ccmessaging.filestream.brake;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What counts as one sender: an IPv4 address, or an IPv6 network of 64 bits, which is what one customer is given. */
final class Networks {

    /** Looks up no name, because nothing but digits, colons and dots gets there. */
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

    /** Of 16 bits each. */
    private static final int GROUPS = 4;

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
            return parsed instanceof Inet6Address ? network(parsed.getAddress()) : parsed.getHostAddress();
        } catch (UnknownHostException malformed) {
            return address;
        }
    }

    private static String network(byte[] address) {
        ByteBuffer groups = ByteBuffer.wrap(address);
        return IntStream.range(0, GROUPS).mapToObj(group -> Integer.toHexString(groups.getChar()))
                .collect(Collectors.joining(":", "", "::/64"));
    }
}
