package org.ccmessaging.filestream.storage.s3;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import javax.xml.stream.XMLStreamException;
import org.apache.http.HttpHeaders;
import org.ccmessaging.filestream.failure.FileNotCleanException;
import org.ccmessaging.filestream.failure.FileNotScannedException;
import org.ccmessaging.filestream.storage.s3.ObjectGet.Response;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * The verdict of a scanner, which the tags of an object have ({@code s3.required-tags}, decision 0030). The service
 * remembers the verdict of a version, except that a tag is missing: the scanner may set it at any moment.
 */
final class RequiredTags {

    /** A customer who fetches as many objects evicts verdicts of others, each of which then costs a request again. */
    private static final int MOST_REMEMBERED = 10_000;

    private static final String CLEAN = "";

    /** The elements of a list of tags, each after its depth. */
    private static final Set<String> LIST = Set.of("1Tagging", "2TagSet", "3Tag", "4Key", "4Value");

    private final Map<String, String> accepted;

    /** Why the service refuses a version of an object; {@link #CLEAN} if it does not. */
    private final Cache<List<String>, String> refusals;

    RequiredTags(Map<String, String> accepted, Duration remembered) {
        this.accepted = accepted;
        this.refusals = Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).expireAfterWrite(remembered).build();
    }

    /** Returns whether an ID names one version for ever. Without versions, objects have none, or the ID null. */
    static boolean isUnique(String versionId) {
        return versionId != null && !versionId.equals("null");
    }

    /**
     * @param response the response whose object the customer would get
     * @param tags reads the tags of the version that the request names
     * @throws FileNotCleanException if a tag is missing, or its value is not the accepted one
     */
    void require(GetObjectRequest request, Response response, Function<GetObjectRequest, Map<String, String>> tags) {
        String id = response.versionId();
        String etag = response.strongEtag();
        // Two objects with the same MD5 sum have the same ETag.
        List<String> version = Arrays.asList(request.bucket(), request.key(), id, etag,
                response.header(HttpHeaders.LAST_MODIFIED));
        String refusal = refusals.getIfPresent(version);
        if (refusal == null) {
            refusal = refusal(tags.apply(request.toBuilder().versionId(id).build()));
            if (isUnique(id) || etag != null) {
                refusals.put(version, refusal);
            }
        }
        if (!refusal.equals(CLEAN)) {
            throw new FileNotCleanException(refusal);
        }
    }

    private String refusal(Map<String, String> tags) {
        String missing = null;
        for (Map.Entry<String, String> tag : accepted.entrySet()) {
            String value = tags.get(tag.getKey());
            if (value == null) {
                missing = tag.getKey();
            } else if (!value.equals(tag.getValue())) {
                return "tag " + tag.getKey() + " is " + value + " and not " + tag.getValue();
            }
        }
        if (missing != null) {
            throw new FileNotScannedException("the object has no tag " + missing);
        }
        return CLEAN;
    }

    /**
     * Reads and closes a response.
     *
     * @throws IOException if it is not a complete list of tags, each with another key
     */
    static Map<String, String> read(InputStream response) throws IOException {
        byte[] list;
        try (response) {
            list = response.readNBytes(StoreHttpClient.LARGEST_ERROR);
        }
        Map<String, String> tags = new HashMap<>();
        Map<String, String> members = new HashMap<>();
        try {
            StoreError.read(list, (depth, name, text) -> {
                // An element elsewhere, or twice, could hide another value.
                if (!LIST.contains(depth + name) || (name.equals("Tag") ? tags.put(member("Key", members),
                        member("Value", members)) : members.put(name, text)) != null) {
                    throw new IllegalStateException("element " + name + " is not expected, or there twice");
                }
            });
        } catch (XMLStreamException | RuntimeException malformed) {
            throw new IOException("malformed list of tags: " + malformed.getMessage(), malformed);
        }
        return tags;
    }

    private static String member(String name, Map<String, String> members) {
        return Objects.requireNonNull(members.remove(name), () -> "a tag has no " + name);
    }
}
