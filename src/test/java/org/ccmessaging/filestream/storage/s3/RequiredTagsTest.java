package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.http.HttpVersion;
import org.apache.http.message.BasicHttpResponse;
import org.ccmessaging.filestream.failure.FileNotCleanException;
import org.ccmessaging.filestream.failure.FileNotScannedException;
import org.ccmessaging.filestream.storage.s3.ObjectGet.ObjectResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The verdicts that the service remembers. */
class RequiredTagsTest {

    private final RequiredTags required = required("5m", "scan");
    private final AtomicInteger read = new AtomicInteger();

    private static RequiredTags required(String cache, String... tags) {
        Map<String, Object> settings = new HashMap<>(Map.of("required-tags-cache", cache));
        for (String tag : tags) {
            settings.put("required-tags." + tag, "clean");
        }
        return new RequiredTags(ObjectGets.settings("filestream.s3", settings));
    }

    private void require(String key, Map<String, String> tags) {
        require(required, key, "x-amz-version-id: v1", tags);
    }

    private void require(RequiredTags by, String key, String headers, Map<String, String> tags) {
        BasicHttpResponse head = new BasicHttpResponse(HttpVersion.HTTP_1_1, 200, "OK");
        for (String header : headers.split("; ")) {
            head.setHeader(header.split(": ")[0], header.split(": ")[1]);
        }
        ObjectResponse response = new ObjectResponse(head, null);
        by.require(RequestObject.complete("bucket", key).build(), response, version -> {
            assertThat(version.key()).isEqualTo(key);
            assertThat(version.versionId()).isEqualTo(response.versionId());
            read.incrementAndGet();
            return tags;
        });
    }

    @Test
    void onlyACleanVerdictIsRemembered() {
        for (int i = 0; i < 2; i++) {
            require("clean", Map.of("scan", "clean"));
            assertThatExceptionOfType(FileNotCleanException.class)
                    .isThrownBy(() -> require("infected", Map.of("scan", "infected")))
                    .withMessage("tag scan is infected and not clean").isExactlyInstanceOf(FileNotCleanException.class);
            assertThatExceptionOfType(FileNotScannedException.class).isThrownBy(() -> require("new",
                    Map.of("SCAN", "clean"))).withMessage("tag scan is missing");
            assertThatExceptionOfType(FileNotScannedException.class).isThrownBy(() ->
                    require("pending", Map.of("scan", "IN PROGRESS"))).withMessage("tag scan is IN PROGRESS");
        }

        assertThat(read).hasValue(7);
    }

    /** Two files with the same MD5 sum have the same ETag. */
    @Test
    void verdictIsThatOfOneVersion() {
        for (String version : List.of("x-amz-version-id: v1; ETag: \"one\"", "x-amz-version-id: v2; ETag: \"one\"",
                "ETag: \"one\"; Last-Modified: Mon, 30 Nov 2026 10:00:00 GMT",
                "ETag: \"one\"; Last-Modified: Mon, 30 Nov 2026 10:00:01 GMT",
                "x-amz-version-id: null; ETag: \"one\"")) {
            int before = read.get();
            require(required, "replaced", version, Map.of("scan", "clean"));
            require(required, "replaced", version, Map.of("scan", "infected"));

            assertThat(read).as(version).hasValue(before + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"5m, ETag: W/\"one\"", "5m, x-amz-version-id: null", "0s, x-amz-version-id: v1"})
    void verdictIsNotRememberedWithoutAVersionOrWithoutACache(String cache, String headers) {
        RequiredTags forgetful = required(cache, "scan");
        require(forgetful, "often", headers, Map.of("scan", "clean"));
        assertThatExceptionOfType(FileNotCleanException.class)
                .isThrownBy(() -> require(forgetful, "often", headers, Map.of("scan", "infected")));
    }

    @Test
    void everyRequiredTagCounts() {
        RequiredTags both = required("5m", "scan", "review");
        require(both, "both", "x-amz-version-id: v1", Map.of("review", "clean", "scan", "clean", "other", "x"));

        assertThatExceptionOfType(FileNotScannedException.class).isThrownBy(() ->
                require(both, "first", "x-amz-version-id: v1", Map.of("scan", "clean")));
        assertThatExceptionOfType(FileNotCleanException.class).isThrownBy(() ->
                require(both, "second", "x-amz-version-id: v1", Map.of("review", "clean", "scan", "infected")))
                .isExactlyInstanceOf(FileNotCleanException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "<Tagging><Tag><Key>scan</Key><Value>clean</Value></Tag>",
        "<Tagging><Tag><Key>scan</Key></Tag></Tagging>", "<Tagging><Tag><Value>clean</Value></Tag></Tagging>",
        "<Tagging><Tag><Key>scan</Key><Value>a</Value></Tag><Tag><Key>scan</Key><Value>clean</Value></Tag></Tagging>"})
    void incompleteOrAmbiguousListIsNoVerdict(String list) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() ->
                RequiredTags.read(new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8))));
    }
}
