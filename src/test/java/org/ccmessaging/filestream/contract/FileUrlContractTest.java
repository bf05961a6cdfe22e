package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.fetch;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BROKEN_TAIL;
import static org.ccmessaging.filestream.support.Outcomes.EMPTY_FILE;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.success;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.util.Map;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer.Fault;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Contract section 9: the link to a file, fetched from the store without a token. */
@Tag("service")
@Isolated("sets the level of all loggers, and counts lines that other services write")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = "Files have no fileUrl")
class FileUrlContractTest {

    private static final int LIMIT = 1_000_000;

    @AutoClose
    private static Stage shared;

    @BeforeAll
    static void start() throws Exception {
        shared = Stage.breakable(Map.of("filestream.download.file-url", "presigned",
                "filestream.download.file-url-only-above", LIMIT + "B",
                "filestream.storage.local.type", "filesystem"));
        shared.put("standard", "hello.txt", Stage.content(40));
        shared.put("standard", "large.bin", Stage.content(LIMIT));
        shared.put("standard", "film.mp4", Stage.content(LIMIT + 1));
        shared.put("standard", "empty.txt", new byte[0]);
    }

    private static String link(Answer answer) {
        return answer.json().get("fileUrl").asText();
    }

    @ParameterizedTest
    @CsvSource({"hello.txt, 40", "large.bin, 1000000"})
    void successHasTheLinkBetweenFileAndCode(String name, int size) {
        Answer answer = shared.api().download(request("standard", name));

        assertThat(answer.text()).isEqualTo(success(Stage.content(size))
                .replace("\"resultCode\"", "\"fileUrl\":\"" + link(answer) + "\",\"resultCode\""));
        assertThat(fetch(link(answer)).bytes()).isEqualTo(Stage.content(size));
    }

    @Test
    void fileAboveTheLimitHasTheLinkAloneAndItsCodeInTheHeader() {
        Answer answer = shared.api().download(request("film.mp4", "mp4", null));

        assertThat(answer.text()).isEqualTo("{\"fileUrl\":\"" + link(answer) + "\",\"resultCode\":\"0\"}");
        assertThat(answer.header("resultCode")).isEqualTo("0");
        assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(answer.bytes().length));
        Answer film = fetch(link(answer));
        assertThat(film.bytes()).isEqualTo(Stage.content(LIMIT + 1));
        assertThat(film.header("Content-Type")).isEqualTo("video/mp4");
        assertThat(film.header("Content-Disposition")).startsWith("inline").contains("film.mp4");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a; filename=ü.html.txt | inline; filename=\"[^\"]*\"; filename\\*=UTF-8''a%3B%20filename%3D%C3%BC.html.txt",
        "a\"; filename=b.txt   | inline; filename=\"a\\\\\"; filename=b.txt\"",
        // Shown from right to left, a browser would save exe.pdf as pdf.exe.
        "a\u202efdp\u200b\u2066.txt | inline; filename=\"a_fdp__.txt\""})
    void nameWithSpecialCharactersStaysInsideTheHeader(String name, String header) {
        shared.put("standard", name, Stage.content(7));

        Answer file = fetch(link(shared.api().download(request("standard", name))));

        assertThat(file.bytes()).isEqualTo(Stage.content(7));
        assertThat(file.header("Content-Disposition")).matches(header);
    }

    @Test
    void linkToTheLongestNameIsShortEnoughForAStore() {
        String name = "文".repeat(330) + ".txt";
        shared.put("standard", name, Stage.content(3));

        String link = link(shared.api().download(request("standard", name)));

        assertThat(link).hasSizeLessThan(8000);
        assertThat(fetch(link).status()).isEqualTo(200);
    }

    @Test
    void failureHasNoLink() {
        assertThat(shared.api().download(request("standard", "empty.txt")).text()).isEqualTo(EMPTY_FILE);
        assertThat(shared.api().download(request("standard", "missing.txt")).text()).isEqualTo(FILE_SERVICE_REFUSED);

        shared.link().breakForGood(500_000, Fault.RESET);

        assertThat(shared.api().download(request("standard", "large.bin")).text())
                .endsWith(BROKEN_TAIL).doesNotContain("fileUrl");
        shared.link().heal();
    }

    @Test
    void branchOfAnotherTypeHasNoLink() throws Exception {
        Files.write(shared.root().resolve("local/demo/film.mp4"), Stage.content(LIMIT + 1));

        assertThat(shared.api().download(request("local", "film.mp4")).text())
                .isEqualTo(success(Stage.content(LIMIT + 1)));
    }

    /** The store would send HTML as such, and a browser would run its scripts at the address of the store. */
    @ParameterizedTest
    @CsvSource({"auto, false", "off, true"})
    void fileHasNoLinkUnlessItsStoreAppliesTheTypeOfALink(String verify, boolean echoes) throws Exception {
        try (FaultyServer store = new FaultyServer(); LoggedLines lines = LoggedLines.ofAll();
                Stage stage = Stage.impatient(store, Map.of("filestream.download.file-url", "presigned",
                        "filestream.download.file-url-only-above", "100B", "filestream.s3.verify-responses", verify))) {
            store.echo(echoes);
            for (int size : new int[] {40, 200_000}) {
                store.put(size + ".txt", Stage.content(size), Turn::right);
                assertThat(stage.api().download(request("standard", size + ".txt")).text())
                        .isEqualTo(success(Stage.content(size)));
            }
            assertThat(lines.texts()).filteredOn(line -> line.contains("Files have no fileUrl")).hasSize(1);
        }
    }

    @Test
    void linkHasThePublicAddressOfAProxyAndItsLifetime() throws Exception {
        try (FaultyServer proxy = new FaultyServer(shared.s3().endpoint());
                Stage stage = Stage.impatient(Map.of("filestream.download.file-url", "presigned",
                        "filestream.download.file-url-lifetime", "17m",
                        "filestream.s3.endpoint", shared.s3().endpoint(),
                        "filestream.s3.public-endpoint", proxy.endpoint()))) {
            String link = link(stage.api().download(request("standard", "hello.txt")));

            assertThat(link).startsWith(proxy.endpoint() + "/standard/demo/hello.txt?")
                    .contains("X-Amz-Expires=1020&");
            assertThat(fetch(link).bytes()).isEqualTo(Stage.content(40));
        }
    }

    /** Nor at the level that shows most. */
    @ParameterizedTest
    @CsvSource({"hello.txt, txt", "large.bin, txt", "film.mp4, mp4"})
    void noLogLineHasALink(String fileId, String fileType) {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level usual = root.getLevel();
        root.setLevel(Level.TRACE);
        try (LoggedLines lines = LoggedLines.ofAll()) {
            Answer answer = shared.api().download(request(fileId, fileType, null));

            String signature = link(answer).replaceAll(".*X-Amz-Signature=(\\w+).*", "$1");
            assertThat(signature).hasSize(64);
            assertThat(lines.list().toString()).contains("AWS4 String to sign").doesNotContain(signature);
        } finally {
            root.setLevel(usual);
        }
    }
}
