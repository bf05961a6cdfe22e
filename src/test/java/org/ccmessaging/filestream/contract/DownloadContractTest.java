package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.FILE_TYPE_OUT_OF_RANGE;
import static org.ccmessaging.filestream.support.Outcomes.IDENTITY_MISSING;
import static org.ccmessaging.filestream.support.Outcomes.success;

import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.Stages;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Contract sections 3 and 4.1: the responses of each branch on each kind of storage, byte for byte. What the routes
 * decide, and in which order, stands in {@code routes/tests}. {@code StoreContract} has empty and missing objects.
 */
@Stages.Concurrent
class DownloadContractTest {

    private static void assertResponse(Answer answer, String body) {
        assertThat(answer.text()).isEqualTo(body);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("resultCode")).isEqualTo(answer.json().get("resultCode").asText());
        assertThat(answer.header("resultDesc")).isEqualTo(answer.json().path("resultDesc").asText(null));
    }

    @ParameterizedTest
    @MethodSource("org.ccmessaging.filestream.support.Stages#everywhere")
    void smallFileComesBackWithCode0AndItsLength(Stage.Kind kind, String branch) {
        Answer answer = Stages.of(kind).api().download(request(branch, "hello.txt"));

        assertResponse(answer, success(Stage.content(100)));
        assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(answer.bytes().length));
    }

    @ParameterizedTest
    @MethodSource("org.ccmessaging.filestream.support.Stages#everywhere")
    void largeFileComesBackWithCode0InTheBodyAlone(Stage.Kind kind, String branch) {
        Answer answer = Stages.of(kind).api().download(request(branch, "large.bin"));

        assertThat(answer.text()).isEqualTo(success(Stage.content(1_000_000)));
        assertThat(answer.headerNames()).doesNotContain("resultcode", "resultdesc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "png", "bpm", "mp3", "aac", "mp4", "txt", "csv", "richtext", "doc", "docx", "pdf",
        "zip", "JPG", "PNG", "BPM", "MP3", "AAC", "MP4", "TXT", "CSV", "RICHTEXT", "DOC", "DOCX", "PDF", "ZIP", "Pdf"})
    void fileTypeOfTheThirteenIsAcceptedInAnyCase(String fileType) {
        assertResponse(Stages.filesystem().api().download(request("hello.txt", fileType, null)),
                success(Stage.content(100)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "exe", " jpg", "jpg ", "bmp", "jpeg", "jpg,png", "null"})
    void fileTypeOutsideTheThirteenGivesCode13(String fileType) {
        assertResponse(Stages.s3().api().download(request("hello.txt", fileType, null)), FILE_TYPE_OUT_OF_RANGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenantId", "channelId", "userId"})
    void sessionTokenWithoutAnIdentityGivesCode2(String claim) {
        for (String value : new String[] {null, "", "  "}) {
            assertResponse(Stages.s3().api().download(request("standard", "hello.txt"),
                    credentials(TestTokens.session().claim(claim, value))), IDENTITY_MISSING);
        }
    }
}
