package org.ccmessaging.filestream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ccmessaging.filestream.support.Api.APPLY_TOKEN;
import static org.ccmessaging.filestream.support.Api.TOKEN_BY_AK_SK;
import static org.ccmessaging.filestream.support.Api.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.JarProcess;
import org.ccmessaging.filestream.support.Service;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.middleware.Middlewares;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import org.yaml.snakeyaml.Yaml;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The command lines of the Dockerfile, the compose file, the unit and the chart start the jar: with their environment,
 * their folders, which nobody can write, and their user where the tests run as root. No engine takes part.
 */
@Tag("full")
@Tag("jar")
class DeployedServiceIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final Path COMPOSE = Path.of("deploy", "compose");
    private static final byte[] HELLO = "Hello from a folder.".getBytes(StandardCharsets.UTF_8);
    private static final String KEY = "reader";
    private static final String SECRET = "only-for-tests-0123456789";

    private static Path layers;

    @TempDir
    private Path root;
    private Path app;
    private S3Proxy store;

    @BeforeAll
    static void extract(@TempDir Path folder) throws IOException {
        layers = folder;
        Process extraction = new ProcessBuilder(JAVA, "-Djarmode=tools", "-jar", System.getProperty("packaged.jar"),
                "extract", "--layers", "--destination", layers.toString(), "--libraries", "libraries")
                .redirectErrorStream(true).start();
        assertThat(JarProcess.output(extraction)).isNotNull();
        assertThat(extraction.exitValue()).isZero();
    }

    @BeforeEach
    void aFolderThatOtherUsersCanEnter() throws IOException {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        app = Files.createDirectory(root.resolve("app"));
        FileSystemUtils.copyRecursively(Path.of("routes"), app.resolve("routes"));
        FileSystemUtils.copyRecursively(Path.of("config"), app.resolve("config"));
    }

    @AfterEach
    void stop() throws Exception {
        if (store != null) {
            store.stop();
        }
        // So that the folder can be removed by a user other than root.
        new ProcessBuilder("chmod", "-R", "u+w", app.toString()).start().waitFor();
    }

    private static JsonNode services() throws IOException {
        return JSON.valueToTree(new Yaml().load(Files.readString(COMPOSE.resolve("compose.yaml")))).path("services");
    }

    @Test
    void composeFileServesAFileOfItsFolder() throws Exception {
        Map<String, String> env = new HashMap<>();
        Files.readAllLines(COMPOSE.resolve("example.env")).stream().filter(line -> line.matches("[A-Z_]+=.*"))
                .forEach(line -> env.put(line.split("=")[0], line.substring(line.indexOf('=') + 1)));
        env.putAll(Map.of("FILESTREAM_AUTH_SIGNING_KEY", Service.SIGNING_KEY, "FILESTREAM_LOG_ID_KEY", SECRET,
                "FILESTREAM_S3_ACCESS_KEY", KEY, "FILESTREAM_S3_SECRET_KEY", SECRET, "TRIAL_APP_SECRET", SECRET));
        JsonNode services = services();
        Map<String, String> settings = environment(services.path("filestream").path("environment"), env);
        assertThat(settings).containsEntry("FILESTREAM_S3_ENDPOINT", "http://s3proxy");
        settings.put("FILESTREAM_S3_ENDPOINT", store(services.path("s3proxy"), env, "my-tenant").toString());

        try (Service service = JarProcess.start(image(settings, "10001", "10001"))) {
            assertThat(service.api().download(request("standard", "hello.txt"), tokens(service.api())).file())
                    .isEqualTo(HELLO);
        }
        try (S3Client client = EmbeddedS3.client(URI.create(settings.get("FILESTREAM_S3_ENDPOINT")), KEY, SECRET)) {
            assertThatThrownBy(() -> client.putObject(put -> put.bucket("standard").key("my-tenant/hello.txt"),
                    RequestBody.fromString("other"))).isInstanceOf(S3Exception.class);
        }
    }

    /** As the user that OpenShift assigns. {@code HelmChartTest} has that of other clusters, the one of compose. */
    @Test
    void chartServesAFileOfAStoreToAUserThatTheClusterAssigns() throws Exception {
        URI endpoint = store(services().path("s3proxy"), Map.of("FILESTREAM_S3_ACCESS_KEY", KEY,
                "FILESTREAM_S3_SECRET_KEY", SECRET), "demo");
        Path values = Files.writeString(root.resolve("values.yaml"), """
                existingSecret: filestream
                openshift: true
                secretKeys: {FILESTREAM_S3_ACCESS_KEY: s3-access-key, FILESTREAM_S3_SECRET_KEY: s3-secret-key}
                settings: {filestream: {s3: {endpoint: '%s', path-style-access: true}}}
                """.formatted(endpoint));
        String manifests = new Helm(Path.of("deploy/helm/ccmessaging-filestream")).template().withKubeVersion("1.33.0")
                .withName("test").withValuesFile(values).call();
        Map<String, JsonNode> byKind = new HashMap<>();
        new Yaml().loadAll(manifests).forEach(document -> {
            JsonNode manifest = JSON.valueToTree(document);
            byKind.put(manifest.path("kind").asText(), manifest);
        });
        JsonNode pod = byKind.get("Deployment").at("/spec/template/spec");
        assertThat(pod.at("/securityContext").has("runAsUser")).isFalse();
        Files.writeString(app.resolve("config/application.yaml"),
                byKind.get("ConfigMap").at("/data/application.yaml").asText());
        Map<String, String> secrets = Map.of("signing-key", Service.SIGNING_KEY, "s3-access-key", KEY,
                "s3-secret-key", SECRET);
        Map<String, String> settings = new HashMap<>();
        pod.at("/containers/0/env").forEach(variable -> settings.put(variable.path("name").asText(),
                variable.has("value") ? variable.path("value").asText()
                        : secrets.get(variable.at("/valueFrom/secretKeyRef/key").asText())));

        try (Service service = JarProcess.start(image(settings, "1000660000", "0"))) {
            assertThat(service.api().download(request("standard", "hello.txt")).file()).isEqualTo(HELLO);
        }
    }

    @Test
    void unitServesAFileOfAFolder() throws Exception {
        String unit = Files.readString(Path.of("deploy/systemd/ccmessaging-filestream.service"));
        Files.copy(Path.of(System.getProperty("packaged.jar")), app.resolve("ccmessaging-filestream.jar"));
        Path credentials = Files.createDirectory(root.resolve("credentials"));
        Files.writeString(credentials.resolve(value(unit, "LoadCredential").split(":")[0]), Service.SIGNING_KEY);
        Path files = Files.createDirectories(root.resolve("files/demo")).getParent();
        Files.write(files.resolve("demo/hello.txt"), HELLO);
        List<String> command = Stream.of(value(unit.replace("\\\n", " "), "ExecStart").trim().split("\\s+"))
                .map(word -> word.replace("${CREDENTIALS_DIRECTORY}", credentials.toString())
                        .replace("/usr/bin/java", JAVA)).toList();
        ProcessBuilder service = as("10001", "10001", command);
        service.environment().put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1");
        Pattern.compile("(?m)^Environment=([A-Z_]+)=(.*)$").matcher(unit).results()
                .forEach(variable -> service.environment().put(variable.group(1), variable.group(2)));
        // What an operator puts into EnvironmentFile=.
        for (String branch : List.of("STANDARD", "LOCAL", "MULTIMEDIALIBRARY")) {
            service.environment().put("FILESTREAM_STORAGE_" + branch + "_TYPE", "filesystem");
            service.environment().put("FILESTREAM_STORAGE_" + branch + "_ROOT", files.toString());
        }

        try (Service running = JarProcess.start(service.directory(app.toFile()))) {
            assertThat(running.api().download(request("standard", "hello.txt")).file()).isEqualTo(HELLO);
        }
    }

    private static String value(String unit, String key) {
        Matcher line = Pattern.compile("(?m)^" + key + "=(.*)$").matcher(unit);
        assertThat(line.find()).as(key).isTrue();
        return line.group(1);
    }

    /** The credentials of a customer of the app that the compose file has for a trial. */
    private static String[] tokens(Api api) {
        String access = api.post(TOKEN_BY_AK_SK, ("{\"app_key\":\"trial\",\"app_secret\":\"" + SECRET + "\"}")
                .getBytes(StandardCharsets.UTF_8)).json().get("AccessToken").asText();
        String session = api.post(APPLY_TOKEN, """
                {"userId":"alice","userName":"Alice","channelId":"web","locale":"en"}
                """.getBytes(StandardCharsets.UTF_8), "x-app-key", "trial", "Authorization", "Bearer " + access)
                .json().get("token").asText();
        return new String[] {"x-app-key", "trial", "Authorization", "Bearer " + access, "ccmessaging-token", session};
    }

    /** Values as Compose replaces them: {@code ${NAME:?message}} and {@code ${NAME:-default}}. */
    private static Map<String, String> environment(JsonNode variables, Map<String, String> env) {
        Map<String, String> all = new HashMap<>();
        variables.properties().forEach(variable -> all.put(variable.getKey(), Pattern
                .compile("\\$\\{([A-Z_0-9]+):([?-])([^}]*)}").matcher(variable.getValue().asText())
                .replaceAll(reference -> {
                    String value = env.getOrDefault(reference.group(1), "");
                    assertThat(value.isEmpty() && reference.group(2).equals("?")).as(reference.group()).isFalse();
                    return Matcher.quoteReplacement(value.isEmpty() ? reference.group(3) : value);
                })));
        return all;
    }

    /** The store as its image starts it: each variable is a property of S3Proxy, and one of them lets nobody write. */
    private URI store(JsonNode compose, Map<String, String> env, String tenant) throws Exception {
        Path data = Files.createDirectory(root.resolve("data"));
        compose.path("volumes").forEach(volume ->
                data.resolve(volume.asText().replaceAll(".*:/data/", "")).toFile().mkdir());
        Files.write(Files.createDirectory(data.resolve("standard").resolve(tenant)).resolve("hello.txt"), HELLO);
        Properties properties = new Properties();
        environment(compose.path("environment"), env).forEach((name, value) -> {
            String[] parts = name.toLowerCase(Locale.ROOT).split("_", 2);
            String property = parts[0].equals("jclouds") ? parts[1].replace('_', '.') : parts[1].replace('_', '-');
            properties.setProperty(parts[0] + "." + property, value.replace("/data", data.toString())
                    .replace("http://0.0.0.0:80", "http://127.0.0.1:0"));
        });
        BlobStore folders = Middlewares.wrap(BlobStores.create(properties.getProperty("jclouds.provider"), properties),
                properties, none -> null);
        store = S3Proxy.Builder.fromProperties(properties).blobStore(folders).stopTimeout(0).build();
        store.start();
        return URI.create("http://127.0.0.1:" + store.getPort());
    }

    /** The image's folder, which the Dockerfile makes, and its ENTRYPOINT. */
    private ProcessBuilder image(Map<String, String> environment, String user, String group) throws Exception {
        String dockerfile = Files.readString(Path.of("Dockerfile"));
        for (String layer : List.of("dependencies", "snapshot-dependencies", "application")) {
            FileSystemUtils.copyRecursively(layers.resolve(layer), app);
        }
        Matcher flags = Pattern.compile("printf '%s\\\\n' (.*) >java.flags").matcher(dockerfile);
        assertThat(flags.find()).isTrue();
        Files.write(app.resolve("java.flags"), List.of(flags.group(1).split(" ")));
        Files.writeString(app.resolve("java.options"), "");
        JsonNode entrypoint = JSON.readTree(dockerfile.substring(dockerfile.indexOf("ENTRYPOINT [") + 11)
                .replace("\\\n", ""));
        List<String> command = StreamSupport.stream(entrypoint.spliterator(), false)
                .map(word -> word.asText().replace("/app/", app + "/").replaceAll("^java$", JAVA)).toList();
        ProcessBuilder service = as(user, group, command).directory(app.toFile());
        // As in other tests of the jar: the second compiler would take more CPU than a start is worth.
        service.environment().put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1");
        service.environment().putAll(environment);
        return service;
    }

    /** A command as another user where the tests run as root, in a folder that this user can only read. */
    private ProcessBuilder as(String user, String group, List<String> command) throws Exception {
        List<String> all = new ArrayList<>();
        if (new ProcessBuilder("id", "-u").start().inputReader().readLine().equals("0")) {
            all.addAll(List.of("setpriv", "--reuid", user, "--regid", group, "--clear-groups"));
        }
        all.addAll(command);
        assertThat(new ProcessBuilder("chmod", "-R", "a=rX", app.toString()).start().waitFor()).isZero();
        return new ProcessBuilder(all);
    }
}
