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

/**
 * Compares a customer with the owner of an object. User-defined metadata of the object holds the user ID of the owner
 * ({@code s3.owner-metadata}, contract section 10).
 */
final class OwnerMetadata {

    /** Decoders put this character in the place of malformed bytes, so it may stand for any ID. */
    private static final char REPLACEMENT = '\uFFFD';

    private OwnerMetadata() {
    }

    /**
     * @param name the name of the metadata; {@code null} if objects need no owner
     * @throws NotOwnerException unless the response names exactly this customer
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

    /** Stores return non-ASCII characters either encoded by RFC 2047, as Amazon does, or as bytes of UTF-8. */
    private static boolean isId(String value, String userId) {
        try {
            // The HTTP client reads each byte of a header as a character.
            String owner = !value.startsWith("=?")
                    ? new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                    : (value.toUpperCase(Locale.ROOT).contains("?Q?") ? new QCodec() : new BCodec()).decode(value);
            return owner.equals(userId) && owner.indexOf(REPLACEMENT) < 0;
        } catch (DecoderException malformed) {
            return false;
        }
    }
}
