package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Outcomes.EMPTY_FILE;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;

import java.util.Arrays;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Behaviour of downloads from any kind of store. Each kind has a subclass that starts it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoreContract {

    /** The service that downloads from the store. */
    abstract Api api();

    /** Stores an object of any tenant. */
    abstract void put(String key, byte[] content);

    /** Body of the request for a file of tenant demo. */
    String request(String name) {
        return Api.request("standard", name);
    }

    final Answer download(String name) {
        return api().download(request(name));
    }

    final void assertServed(String name, byte[] content) {
        Answer answer = download(name);
        assertThat(answer.json().path("resultCode").asText()).as(end(answer)).isEqualTo("0");
        assertThat(Arrays.mismatch(answer.file(), content)).as("first difference").isEqualTo(-1);
    }

    /** As much of a response as a message can show. */
    static String end(Answer answer) {
        return answer.text().substring(Math.max(0, answer.text().length() - 100));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 48 * 1024 - 1, 48 * 1024, 48 * 1024 + 1, 96 * 1024 - 1, 96 * 1024, 96 * 1024 + 1,
        2 * 1024 * 1024, Stage.MAX_FILE_SIZE})
    void fileOfAnySizeIsServedByteForByte(int size) {
        put("demo/size-" + size, Stage.content(size));

        assertServed("size-" + size, Stage.content(size));
    }

    @Test
    void objectWithoutBytesIsAnEmptyFile() {
        put("demo/empty", new byte[0]);

        assertThat(download("empty").text()).isEqualTo(EMPTY_FILE);
    }

    @Test
    void objectThatDoesNotExistIsRefused() {
        assertThat(download("nowhere").text()).isEqualTo(FILE_SERVICE_REFUSED);
    }

    @Test
    void objectAboveTheLimitIsRefused() {
        put("demo/large", new byte[Stage.MAX_FILE_SIZE + 1]);

        assertThat(download("large").text()).isEqualTo(FILE_SERVICE_REFUSED);
    }

    @Test
    void objectOfAnotherTenantIsNotFound() {
        put("other/secret.txt", Stage.CANARY.getBytes());

        for (String name : new String[] {"../other/secret.txt", "%2e%2e/other/secret.txt", "..%2Fother%2Fsecret.txt"}) {
            assertThat(download(name).text()).isEqualTo(FILE_SERVICE_REFUSED);
        }
    }

    /** The signature of a request covers its path, so a store that decodes another key refuses it. */
    @ParameterizedTest
    @ValueSource(strings = {"deep/er/file", "a b", "a+b", "100%", "%41", "Grüße 😀.txt", "文件", "~!*'()", "a..b",
        "a;b:c@d&e=f,g$h?i#j", "[{}]|^`\"<>", "${body}", "{{filestream.auth.issuer}}", "-dash", "local",
        "longest"})
    void nameIsTakenAsItIs(String name) {
        // A key has at most 1,024 bytes, and a file system takes 255 bytes between two slashes.
        String key = "demo/" + name.replace("longest", ("/" + "x".repeat(203)).repeat(5).substring(1));
        put(key, key.getBytes());

        assertServed(key.substring("demo/".length()), key.getBytes());
    }
}
