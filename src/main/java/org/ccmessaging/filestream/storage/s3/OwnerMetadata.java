package org.ccmessaging.filestream.storage.s3;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.commons.codec.DecoderException;
import org.apache.commons.codec.net.BCodec;
import org.apache.commons.codec.net.QCodec;
import org.apache.http.Header;
import org.ccmessaging.filestream.failure.NotOwnerException;
import org.ccmessaging.filestream.storage.s3.ObjectGet.ObjectResponse;
import org.ccmessaging.filestream.toolkit.Customer;

/** Compares a customer with the owner in an object's metadata ({@code s3.owner-metadata}, contract section 10). */
final class OwnerMetadata {

    /** Decoders replace malformed bytes with this character, so different IDs may look the same. */
    private static final char REPLACEMENT = '\uFFFD';

    private OwnerMetadata() {
    }

    /**
     * @param name the name of the metadata with the owner; {@code null} if objects need no owner
     * @throws NotOwnerException if the response does not name this customer as the only owner
     */
    static void require(String name, ObjectResponse response, Customer customer) {
        if (name == null) {
            return;
        }
        Header[] owners = response.head().getHeaders("x-amz-meta-" + name);
        if (owners.length != 1 || !isId(owners[0].getValue(), customer.userId())) {
            throw new NotOwnerException("metadata " + name + (owners.length == 1 ? " is not the ID of the customer"
                    : " is there " + owners.length + " times and not once"));
        }
    }

    /**
     * Compares the decoded value. Some stores, such as Amazon, encode non-ASCII characters by RFC 2047. Other stores
     * return UTF-8 bytes.
     */
    private static boolean isId(String value, String userId) {
        try {
            // The HTTP client decodes headers as ISO-8859-1.
            String owner = !value.startsWith("=?")
                    ? new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                    : (value.toUpperCase(Locale.ROOT).contains("?Q?") ? new QCodec() : new BCodec()).decode(value);
            return owner.equals(userId) && owner.indexOf(REPLACEMENT) < 0;
        } catch (DecoderException malformed) {
            return false;
        }
    }
}
