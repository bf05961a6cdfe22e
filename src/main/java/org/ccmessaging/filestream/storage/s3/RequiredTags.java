package org.ccmessaging.filestream.storage.s3;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.http.HttpHeaders;
import org.ccmessaging.filestream.failure.FileNotCleanException;
import org.ccmessaging.filestream.failure.FileNotScannedException;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.s3.ObjectGet.ObjectResponse;
import org.springframework.util.Assert;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * Checks the tags that a scanner wrote to an object ({@code s3.required-tags}, decision 0018).
 *
 * @param pending tag values of objects that the scanner has not scanned yet
 * @param clean the object versions with accepted tags; excludes refused versions, whose tags may change later
 */
record RequiredTags(Map<String, String> accepted, List<String> pending, Cache<List<String>, Boolean> clean) {

    private static final int MOST_REMEMBERED = 10_000;

    RequiredTags(S3Settings settings) {
        this(settings.requiredTags(), settings.requiredTagsPending(), Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED).expireAfterWrite(settings.requiredTagsCache()).build());
    }

    /** Returns {@code false} if the object has no versions: its version ID is absent or the text {@code null}. */
    static boolean isUnique(String versionId) {
        return versionId != null && !versionId.equals("null");
    }

    /**
     * @throws FileNotCleanException if the value of a required tag is neither accepted nor pending
     * @throws FileNotScannedException if no required tag is refused, but at least one is missing or pending
     */
    void require(GetObjectRequest request, ObjectResponse response,
            Function<GetObjectRequest, Map<String, String>> tags) {
        String id = response.versionId();
        String etag = response.strongEtag();
        // Versions with the same content have the same ETag, but may differ in Last-Modified.
        List<String> version = Arrays.asList(request.bucket(), request.key(), id, etag,
                response.header(HttpHeaders.LAST_MODIFIED));
        if (clean.getIfPresent(version) == null) {
            requireAccepted(tags.apply(request.toBuilder().versionId(id).build()));
            if (isUnique(id) || etag != null) {
                clean.put(version, true);
            }
        }
    }

    /** Reports a refused tag even if another tag is missing or pending. */
    private void requireAccepted(Map<String, String> tags) {
        String unscanned = null;
        for (Map.Entry<String, String> tag : accepted.entrySet()) {
            String value = tags.get(tag.getKey());
            if (value == null || pending.contains(value)) {
                unscanned = "tag " + tag.getKey() + " is " + (value == null ? "missing" : value);
            } else if (!value.equals(tag.getValue())) {
                throw new FileNotCleanException("tag " + tag.getKey() + " is " + value + " and not " + tag.getValue());
            }
        }
        if (unscanned != null) {
            throw new FileNotScannedException(unscanned);
        }
    }

    /** @throws IOException if the response breaks or is malformed, or if two tags have the same key */
    static Map<String, String> read(InputStream response) throws IOException {
        Map<String, String> tags = new HashMap<>();
        try (response) {
            NodeList list = StoreError.document(response.readNBytes(StoreHttpClient.LARGEST_ERROR))
                    .getElementsByTagNameNS("*", "Tag");
            for (int i = 0; i < list.getLength(); i++) {
                Element tag = (Element) list.item(i);
                Assert.isNull(tags.put(text(tag, "Key"), text(tag, "Value")), "two tags with the same key");
            }
        } catch (SAXException | RuntimeException malformed) {
            throw new IOException("malformed list of tags: " + malformed.getMessage(), malformed);
        }
        return tags;
    }

    private static String text(Element tag, String member) {
        return tag.getElementsByTagNameNS("*", member).item(0).getTextContent();
    }
}
