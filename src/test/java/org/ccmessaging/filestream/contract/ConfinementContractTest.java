package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.OBJECT_KEY_MISSING;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.Stages;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Contract section 3: tenant A never reads tenant B's file, whatever the {@code fileId} is.
 * {@code ResolveKeyTest} has tenants that are no folder name.
 */
@Stages.Concurrent
class ConfinementContractTest {

    private static final List<String> HOSTILE_NAMES = List.of(
            "../other/secret.txt", "../demo2/secret.txt", "../secret.txt", "./../other/secret.txt",
            "x/../../other/secret.txt", "a/./../../secret.txt", "..", ".", "../", "./", "../../../../etc/passwd",
            "/etc/passwd", "//etc/passwd", "/other/secret.txt", "other/secret.txt", "\\..\\other\\secret.txt",
            "..\\other\\secret.txt", "..%2fother/secret.txt", "..%2Fother%2Fsecret.txt", "%2e%2e/other/secret.txt",
            "%2E%2E%2Fother%2Fsecret.txt", "..%252fother/secret.txt", "..%5cother%5csecret.txt",
            "..%c0%afother/secret.txt", "..\u2215other\u2215secret.txt", "\uff0e\uff0e/other/secret.txt",
            "..;/other/secret.txt", "..\u0000/other/secret.txt", "hello.txt\u0000", "../other/secret.txt\u0000.jpg",
            "hello.txt\n", "hello\r\n.txt", "\u0007", "hello.txt\u0085", "hello.txt/", "hello.txt/.", "hello.txt//",
            "a//b", "hello.txt/../hello.txt", "hello.txt/x", "file:///etc/passwd", "C:\\secret.txt", "~/secret.txt",
            "${variable.tenantId}/../../other/secret.txt", "${file:../other/secret.txt}", "\ud83d", "x".repeat(1025),
            "x".repeat(4096), "a/".repeat(2000) + "b", "é".repeat(600));

    static Stream<Arguments> hostileNamesEverywhere() {
        return Stages.everywhere().flatMap(place -> HOSTILE_NAMES.stream()
                .map(name -> arguments(place.get()[0], place.get()[1], name)));
    }

    @ParameterizedTest
    @MethodSource("hostileNamesEverywhere")
    void nameThatLeadsElsewhereFindsNothing(Stage.Kind kind, String branch, String name) {
        assertNotFound(Stages.of(kind).api().download(request(branch, name)), branch);
    }

    private static String[] of(String tenant) {
        return credentials(TestTokens.session().claim("tenantId", tenant));
    }

    private static void assertNotFound(Answer answer, String branch) {
        assertThat(answer.text()).isEqualTo(
                branch.equals("multimedia-library") ? OBJECT_KEY_MISSING : FILE_SERVICE_REFUSED);
    }

    /** Guards the test above: the files that it must not reach exist. */
    @ParameterizedTest
    @MethodSource("org.ccmessaging.filestream.support.Stages#everywhere")
    void anotherTenantReadsItsOwnFile(Stage.Kind kind, String branch) {
        assertThat(Stages.of(kind).api().download(request(branch, "secret.txt"), of("other")).file())
                .asString(StandardCharsets.UTF_8).isEqualTo(Stage.CANARY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "multimedia-library", "standard"})
    void linkInTheTenantsFolderFindsNothingWhereverItLeads(String branch) throws IOException {
        Path root = Stages.filesystem().root().resolve(branch);
        Path home = root.resolve("demo");
        Files.createSymbolicLink(home.resolve("to-other-file"), root.resolve("other/secret.txt"));
        Files.createSymbolicLink(home.resolve("to-other-folder"), root.resolve("other"));
        Files.createSymbolicLink(home.resolve("to-alike-folder"), Path.of("../demo2"));
        Files.createSymbolicLink(home.resolve("to-passwd"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(home.resolve("to-nothing"), Path.of("nothing"));
        Files.createSymbolicLink(home.resolve("to-itself"), Path.of("to-itself"));
        Files.createSymbolicLink(home.resolve("to-hello"), Path.of("hello.txt"));
        Files.createSymbolicLink(home.resolve("to-this-folder"), Path.of("."));
        Files.createSymbolicLink(root.resolve("linked-tenant"), root.resolve("other"));

        for (String name : List.of("to-other-file", "to-other-folder/secret.txt", "to-alike-folder/secret.txt",
                "to-passwd", "to-nothing", "to-itself", "to-itself/x", "to-other-folder", "to-hello",
                "to-this-folder/hello.txt")) {
            assertNotFound(Stages.filesystem().api().download(request(branch, name)), branch);
        }
        assertNotFound(Stages.filesystem().api().download(request(branch, "secret.txt"), of("linked-tenant")), branch);
    }
}
