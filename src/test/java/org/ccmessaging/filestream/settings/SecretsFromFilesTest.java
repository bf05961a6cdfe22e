package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.TOKEN_BY_AK_SK;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.MountedSecret;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Secrets that are files of a folder, one each, named by their keys: a mounted Secret, or credentials of systemd. */
@Tag("service")
class SecretsFromFilesTest {

    private static final String KEY = "from-a-file-from-a-file-from-a-file";

    /** Editors and {@code echo} end a file with a new line, which is no part of the secret. */
    @Test
    void secretsThatKubernetesMountsAndCredentialsOfSystemdAreRead(@TempDir Path folder) throws Exception {
        new MountedSecret(folder, Map.of("filestream.auth.signing-key", KEY + "\n",
                "filestream.auth.apps.demo-app.secret", "{noop}demo-secret\n",
                "filestream.auth.apps.demo-app.tenant-id", "demo"));
        Files.writeString(folder.resolve("filestream.s3.access-key"), "key-of-a-file\n");
        Files.writeString(folder.resolve("filestream.s3.secret-key"), "secret-of-a-file\n");
        try (EmbeddedS3 s3 = EmbeddedS3.inMemory(Stage.BRANCHES, "key-of-a-file", "secret-of-a-file")) {
            s3.put("standard", "demo/hello.txt", "hello".getBytes(StandardCharsets.UTF_8));
            SpringApplication application = new SpringApplication(FileStreamApplication.class);
            application.setRegisterShutdownHook(false);
            try (ConfigurableApplicationContext service = application.run(
                    "--spring.config.import=configtree:" + folder + "/", "--server.port=0",
                    "--management.server.port=0", "--filestream.auth.token-endpoints=true",
                    "--filestream.s3.path-style-access=true", "--filestream.s3.endpoint=" + s3.endpoint())) {
                Api api = Api.described(URI.create(
                        "http://localhost:" + service.getEnvironment().getProperty("local.server.port")));
                assertThat(api.post(TOKEN_BY_AK_SK, "{\"app_key\":\"demo-app\",\"app_secret\":\"demo-secret\"}"
                        .getBytes(StandardCharsets.UTF_8)).status()).isEqualTo(200);
                assertThat(api.download(request("standard", "hello.txt"),
                        credentials(TestTokens.access().sign(KEY), TestTokens.session().sign(KEY))).file())
                        .asString().isEqualTo("hello");
            }
        }
    }
}
