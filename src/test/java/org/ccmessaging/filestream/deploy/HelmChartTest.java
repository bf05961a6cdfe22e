package org.ccmessaging.filestream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.contentOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.kubernetes.client.openapi.models.V1Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLSocket;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.support.MountedSecret;
import org.ccmessaging.filestream.support.TestCa;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.FileSystemUtils;
import org.yaml.snakeyaml.Yaml;

/** The chart as Helm checks it, and its manifests as Kubernetes would check them. */
@Tag("tools")
class HelmChartTest {

    private static final Path CHART = Path.of("deploy/helm/ccmessaging-filestream");
    private static final String DEPLOYMENT = "apps/v1 Deployment";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The kinds in the chart that Kubernetes itself does not have. */
    private static final Set<String> CUSTOM = Set.of("monitoring.coreos.com/v1 ServiceMonitor",
            "monitoring.coreos.com/v1 PrometheusRule", "gateway.networking.k8s.io/v1 HTTPRoute");

    private static final String LEAST = "existingSecret: filestream\n";
    private static final String EXTERNAL_ISSUER =
            "settings: {filestream: {auth: {jwk-set-uri: https://login.example.com/keys}}}\n";
    private static final String LIVE = LEAST
            + "routes: {live: true, download-file-stream.camel.yaml: one, storage-standard.camel.yaml: two}\n";
    private static final String EVERYTHING = read(Path.of("src/test/resources/helm/everything.yaml"));
    private static final List<String> VALUE_SETS =
            List.of(LEAST, EXTERNAL_ISSUER, EVERYTHING, read(Path.of("src/test/resources/helm/small.yaml")));

    @TempDir
    Path folder;

    @Test
    void helmFindsNothingToComplainAbout() {
        LintResult result = new Helm(CHART).lint().strict().call();

        assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
        assertThat(result.getMessages()).noneMatch(line -> line.contains("[WARNING]") || line.contains("[ERROR]"));
    }

    @ParameterizedTest
    @FieldSource("VALUE_SETS")
    void everyManifestIsOneThatKubernetesKnows(String values) throws Exception {
        Map<String, JsonNode> manifests = render(values);

        assertThat(manifests).containsKey(DEPLOYMENT);
        for (JsonNode manifest : manifests.values()) {
            if (!CUSTOM.contains(kind(manifest))) {
                checkFields(manifest);
            }
        }
    }

    /**
     * As an API server with field validation {@code Strict}: the classes that are generated from Kubernetes' OpenAPI
     * description refuse an unknown field, a missing one and one of another type.
     */
    private static void checkFields(JsonNode manifest) throws ClassNotFoundException {
        String version = manifest.path("apiVersion").asText().replaceAll(".*/v", "v").replace('v', 'V');
        io.kubernetes.client.openapi.JSON.getGson().fromJson(manifest.toString(), Class.forName(
                V1Pod.class.getPackageName() + "." + version + manifest.path("kind").asText()));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/helm/manifests.csv", delimiter = '|')
    void manifestSaysWhatItMust(String values, String manifest, String place, String text) throws Exception {
        String all = values == null ? LEAST : values.equals("(everything)") ? EVERYTHING
                : LEAST + values.translateEscapes();
        assertThat(place.startsWith("/") ? render(all).get(manifest).at(place).asText("(none)")
                : environment(all).getOrDefault(place, "(none)")).isEqualTo(text);
    }

    @Test
    void aPodCanWriteNowhereButToTmp() throws Exception {
        assertThat(pod(EVERYTHING).at("/volumes").findValues("emptyDir")).hasSize(1);
        assertThat(container(LEAST).at("/volumeMounts")).filteredOn(mount -> !mount.path("readOnly").asBoolean())
                .extracting(mount -> mount.path("mountPath").asText()).containsExactly("/tmp");
    }

    /** A Service that selected the pod would send it requests. Helm's library renders no hook, so a copy has none. */
    @ParameterizedTest
    @FieldSource("VALUE_SETS")
    void doctorRunsWithAllThatTheServiceHasAndNoServiceSelectsIt(String values) throws Exception {
        Path copy = folder.resolve("chart");
        FileSystemUtils.copyRecursively(CHART, copy);
        Path template = copy.resolve("templates/tests/doctor.yaml");
        assertThat(template).content().contains("helm.sh/hook: test\n");
        Files.writeString(template, Files.readString(template).replace("helm.sh/hook: test\n", "\n"));
        Map<String, JsonNode> manifests = manifests(template(copy, values));
        JsonNode doctor = manifests.get("v1 Pod");
        checkFields(doctor);

        assertThat(doctor.at("/spec/containers/0/args").toString()).isEqualTo("[\"doctor\"]");
        for (String same : List.of("env", "volumeMounts", "image", "resources", "securityContext")) {
            assertThat(doctor.at("/spec/containers/0").path(same)).as(same).isEqualTo(container(values).path(same));
        }
        for (String same : List.of("volumes", "securityContext", "serviceAccountName", "initContainers")) {
            assertThat(doctor.path("spec").path(same)).as(same).isEqualTo(pod(values).path(same));
        }
        assertThat(manifests.get(DEPLOYMENT).at("/spec/selector/matchLabels").path("app.kubernetes.io/name"))
                .isNotEqualTo(doctor.at("/metadata/labels").path("app.kubernetes.io/name"));
    }

    @Test
    void drainingTakesAsLongAsTheServicesOwnDefaultUnlessSet() throws Exception {
        assertThat(Path.of("src/main/resources/application.yaml")).content().contains("timeout-per-shutdown-phase: "
                + environment(LEAST).get("SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE"));
    }

    @Test
    void anEditOfASettingARouteOrAnotherFileReplacesThePodsAndOneOfALiveRouteDoesNot() throws Exception {
        assertThat(Stream.of(LEAST, LEAST + "settings: {filestream: {download: {max-in-flight: 64}}}\n",
                LEAST + "routes: {a.camel.yaml: one}\n", LEAST + "routes: {a.camel.yaml: two}\n",
                LEAST + "configFiles: {jolokia-access.xml: <restrict/>}\n").map(this::checksum).distinct()).hasSize(5);
        assertThat(checksum(LEAST)).isEqualTo(checksum(LEAST + "replicaCount: 5\n"));
        assertThat(checksum(LIVE.replace("two", "three"))).isEqualTo(checksum(LIVE));
        assertThat(checksum(LIVE + "configFiles: {jolokia-access.xml: <restrict/>}\n")).isNotEqualTo(checksum(LIVE));
    }

    @Test
    void aRouteOfTheRepositoryArrivesUnchangedBesideThoseOfTheImage() throws Exception {
        Path route = Path.of("routes/result-codes.camel.yaml");
        JsonNode configMap = manifests(template(CHART, LEAST).setFile("routes.result-codes\\.camel\\.yaml", route))
                .get("v1 ConfigMap test-ccmessaging-filestream-routes");

        assertThat(configMap.at("/data").get("result-codes.camel.yaml").asText().stripTrailing())
                .isEqualTo(Files.readString(route).stripTrailing());
        assertThat(container(LEAST + "routes: {result-codes.camel.yaml: x}\n").at("/volumeMounts"))
                .contains(yaml("{name: routes, mountPath: /app/routes/result-codes.camel.yaml,"
                        + " subPath: result-codes.camel.yaml, readOnly: true}"));
    }

    @Test
    void liveRoutesAreAFolderThatKubernetesRenews() throws Exception {
        for (String values : List.of(LIVE, LEAST + "routes: {live: true}\nroutesConfigMap: my-routes\n")) {
            assertThat(environment(values)).containsEntry("FILESTREAM_ROUTES_LIVE_RELOAD", "true");
            assertThat(container(values).at("/volumeMounts"))
                    .filteredOn(mount -> mount.path("name").asText().equals("routes"))
                    .containsExactly(yaml("{name: routes, mountPath: /app/routes, readOnly: true}"));
        }
        assertThat(render(LIVE).get("v1 ConfigMap test-ccmessaging-filestream-routes").at("/data").fieldNames())
                .toIterable().containsExactly("download-file-stream.camel.yaml", "storage-standard.camel.yaml");
        assertThat(environment(LEAST)).doesNotContainKey("FILESTREAM_ROUTES_LIVE_RELOAD");
        assertThat(render(LEAST)).doesNotContainKey("v1 ConfigMap test-ccmessaging-filestream-routes");
    }

    @Test
    void exampleWithGitSyncReadsTheRoutesWhereTheSidecarPutsThem() throws Exception {
        String values = LEAST + Files.readString(CHART.resolve("examples/git-sync.yaml"));
        JsonNode pod = pod(values);
        checkFields(render(values).get(DEPLOYMENT));

        assertThat(environment(values)).containsEntry("FILESTREAM_ROUTES_LIVE_RELOAD", "true")
                .containsEntry("FILESTREAM_ROUTES_DIRECTORY", "/git/current/routes");
        for (String container : List.of("/initContainers/0", "/containers/1")) {
            assertThat(pod.at(container + "/args").toString()).contains("--root=/git\"", "--link=current\"");
            assertThat(pod.at(container + "/volumeMounts").toString()).contains("\"/git\"", "\"/tmp\"");
        }
        assertThat(pod.at("/initContainers/0/args").toString()).contains("--one-time");
        assertThat(pod.at("/containers/0/volumeMounts"))
                .contains(yaml("{name: git, mountPath: /git, readOnly: true}"));
    }

    @Test
    void settingsBecomeTheServicesOwnFileAndMayReferToSecrets() throws Exception {
        JsonNode configMap = render(LEAST + "settings: {filestream: {s3: {endpoint: 'https://s3.example.com'}, auth:"
                + " {session-token: {signing-keys: [{kid: a, secret: '${SESSION_KEY}'}]}}},"
                + " spring: {datasource: {password: '${DB_PASSWORD}'}}}")
                .get("v1 ConfigMap test-ccmessaging-filestream-config");
        JsonNode settings = yaml(configMap.at("/data/application.yaml").asText());

        assertThat(settings.at("/filestream/s3/endpoint").asText()).isEqualTo("https://s3.example.com");
        assertThat(settings.at("/filestream/storage/local/type").asText()).isEqualTo("s3");
        assertThat(settings.at("/filestream/auth/session-token/signing-keys/0/secret").asText())
                .isEqualTo("${SESSION_KEY}");
        assertThat(settings.at("/spring/datasource/password").asText()).isEqualTo("${DB_PASSWORD}");
    }

    @Test
    void alertRulesAndDashboardAreThoseOfTheFolderForOneReleaseAndRunbooksAreAbsolute() throws Exception {
        Map<String, JsonNode> manifests = render(EVERYTHING);
        String alerts = Files.readString(CHART.resolve("files/alerts.yaml")).replace("namespace", "kube_namespace")
                .replace("job=\"ccmessaging-filestream\"", "job=\"files-pods\", kube_namespace=\"files\"")
                .replace(": docs/operation.md#", ": https://wiki.example.com/operation.md#");

        assertThat(manifests.get("monitoring.coreos.com/v1 PrometheusRule").path("spec")).isEqualTo(yaml(alerts));
        assertThat(manifests.get("v1 ConfigMap files-dashboard").at("/data").get("files.json").asText())
                .isEqualTo(Files.readString(CHART.resolve("files/dashboard.json")).stripTrailing());
    }

    /** The operator makes the job of a target from this label of its Service. */
    @Test
    void jobThatTheServiceMonitorGivesIsTheOneThatTheAlertsName() throws Exception {
        Map<String, JsonNode> manifests = render(LEAST
                + "fullnameOverride: mine\nserviceMonitor: {enabled: true}\nprometheusRule: {enabled: true}\n");
        String label = manifests.get("monitoring.coreos.com/v1 ServiceMonitor").at("/spec/jobLabel").asText();
        JsonNode service = manifests.get("v1 Service mine-management");

        assertThat(manifests.get("monitoring.coreos.com/v1 PrometheusRule").findValuesAsText("expr")).contains(
                "up{%1$s} == 0 or absent(up{%1$s})".formatted("job=\"" + service.at("/metadata/labels").path(label)
                        .asText() + "\", namespace=\"files\""));
    }

    @Test
    void secretsAreReferencesAndNoManifestIsASecret() throws Exception {
        assertThat(container(EVERYTHING).at("/env"))
                .filteredOn(entry -> entry.path("name").asText().matches(".*(SIGNING|ACCESS|SECRET)_KEY"))
                .hasSize(3)
                .allMatch(entry -> entry.at("/valueFrom/secretKeyRef/name").asText().equals("filestream"));
        assertThat(render(EVERYTHING).keySet()).noneMatch(key -> key.startsWith("v1 Secret"));
    }

    /** Kubernetes renews the files of a folder, and never one that is mounted by its path. */
    @Test
    void whatRenewsIsMountedAsAFolder() throws Exception {
        assertThat(container(EVERYTHING).at("/volumeMounts"))
                .filteredOn(mount -> mount.path("mountPath").asText().startsWith("/run/filestream"))
                .hasSize(4).noneMatch(mount -> mount.has("subPath"));
    }

    /** A service with the variables of the chart, and with files where the chart mounts them. */
    @Test
    void serviceThatStartsWithTheVariablesOfTheChartServesTlsAndReadsItsSecretsFromFiles() throws Exception {
        TestCa ca = new TestCa("chart");
        MountedSecret certificate = new MountedSecret(folder.resolve("tls"), ca.issue().files());
        MountedSecret authorities = new MountedSecret(folder.resolve("ca"), Map.of("ca.crt", ca.pem()));
        MountedSecret secrets = new MountedSecret(folder.resolve("secrets"),
                Map.of("filestream.auth.signing-key", "k".repeat(32), "filestream.log.id-key", "k".repeat(16)));
        Map<String, Object> variables = new HashMap<>();
        environment("secretFiles: s\ntls: {api: {secretName: a}, management: {secretName: m}}\n"
                + "caBundle: {secret: c}\nproxy: http://proxy.example.com:3128\n").forEach((name, value) ->
                        variables.put(name, value.replaceAll("/run/filestream/tls/[a-z]+", folder + "/tls")
                                .replace("/run/filestream/", folder + "/")));
        assertThat(variables).containsValues(certificate.file("tls.crt"), authorities.file("ca.crt"),
                "configtree:" + Path.of(secrets.file("x")).getParent() + "/");
        StandardEnvironment environment = new StandardEnvironment();
        String source = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        environment.getPropertySources().replace(source, new SystemEnvironmentPropertySource(source, variables));
        SpringApplication application = new SpringApplication(FileStreamApplication.class);
        application.setRegisterShutdownHook(false);
        application.setEnvironment(environment);
        try (ConfigurableApplicationContext service = application.run("--server.port=0", "--management.server.port=0",
                "--filestream.s3.endpoint=https://127.0.0.1:9", "--filestream.shutdown.delay=0s")) {
            for (String port : List.of("local.server.port", "local.management.port")) {
                try (SSLSocket socket = (SSLSocket) ca.client().getSocketFactory().createSocket(
                        "localhost", Integer.parseInt(service.getEnvironment().getProperty(port)))) {
                    socket.startHandshake();
                    assertThat(socket.getSession().getPeerCertificates()).hasSize(1);
                }
            }
            assertThat(service.getBean(S3Settings.class).sslBundle()).isEqualTo("store");
            assertThat(service.getBean(S3Settings.class).proxy()).hasHost("proxy.example.com");
        }
    }

    @ParameterizedTest
    @CsvSource({"networking.k8s.io/v1 Ingress files-console, /spec/rules/0/http/paths, path",
        "gateway.networking.k8s.io/v1 HTTPRoute files-console, /spec/rules/0/matches, value"})
    void routeToTheConsoleReachesTheConsoleAlone(String manifest, String paths, String member) throws Exception {
        JsonNode route = render(EVERYTHING).get(manifest);

        assertThat(route.at(paths)).isNotEmpty();
        assertThat(route.at(paths).findValues(member)).extracting(JsonNode::asText)
                .contains("/actuator/hawtio", "/actuator/files", "/actuator/routes", "/login")
                .noneMatch(path -> "/actuator/prometheus".startsWith(path));
        assertThat(route.findValuesAsText("name")).contains("files-management").doesNotContain("files");
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/helm/mistakes.csv", delimiter = '|', quoteCharacter = '`')
    void aMistakeInTheValuesIsNamedAndASecretIsNotRepeated(String values, String message) {
        assertThatThrownBy(() -> render(values.replace("(least)", LEAST).replace("(issuer)", EXTERNAL_ISSUER)
                .translateEscapes())).hasMessageContaining(message).hasMessageNotContaining("abc");
    }

    @Test
    void schemaAndDefaultsKnowTheSameValues() throws Exception {
        JsonNode schema = JSON.readTree(CHART.resolve("values.schema.json").toFile()).path("properties");

        assertThat(schema.fieldNames()).toIterable().filteredOn(name -> !name.equals("global"))
                .containsExactlyInAnyOrderElementsOf(() -> yaml(read(CHART.resolve("values.yaml"))).fieldNames());
    }

    @Test
    void readmeMentionsNoValueThatIsNotThere() throws Exception {
        JsonNode values = yaml(Files.readString(CHART.resolve("values.yaml")));
        Pattern value = Pattern.compile("`([a-z][A-Za-z]+(?:\\.[a-z][A-Za-z]+)*)`");

        assertThat(value.matcher(Files.readString(CHART.resolve("README.md"))).results().map(found -> found.group(1))
                .filter(name -> values.has(name.split("\\.")[0]))
                .filter(name -> values.at("/" + name.replace('.', '/')).isMissingNode())).isEmpty();
    }

    private static String read(Path file) {
        return contentOf(file.toFile(), StandardCharsets.UTF_8);
    }

    private static JsonNode yaml(String text) {
        return JSON.valueToTree(new Yaml().load(text));
    }

    private TemplateCommand template(Path chart, String values) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "values", ".yaml"), values);
        return new Helm(chart).template().withKubeVersion("1.33.0").withName("test").withNamespace("files")
                .withValuesFile(file);
    }

    private Map<String, JsonNode> render(String values) throws IOException {
        return manifests(template(CHART, values));
    }

    /** By kind and, where a kind is there more than once, name. */
    private static Map<String, JsonNode> manifests(TemplateCommand command) {
        List<JsonNode> all = StreamSupport.stream(new Yaml().loadAll(command.call()).spliterator(), false)
                .filter(document -> document != null).<JsonNode>map(JSON::valueToTree).toList();
        List<String> kinds = all.stream().map(HelmChartTest::kind).toList();
        Map<String, JsonNode> manifests = new LinkedHashMap<>();
        for (JsonNode manifest : all) {
            String kind = kind(manifest);
            boolean ambiguous = Collections.frequency(kinds, kind) > 1 || kind.equals("v1 ConfigMap");
            manifests.put(kind + (ambiguous ? " " + manifest.at("/metadata/name").asText() : ""), manifest);
        }
        assertThat(manifests).hasSameSizeAs(all);
        return manifests;
    }

    private static String kind(JsonNode manifest) {
        return manifest.path("apiVersion").asText() + " " + manifest.path("kind").asText();
    }

    private JsonNode pod(String values) throws IOException {
        return render(values).get(DEPLOYMENT).at("/spec/template/spec");
    }

    private JsonNode container(String values) throws IOException {
        return pod(values).at("/containers/0");
    }

    private Map<String, String> environment(String values) throws IOException {
        return container(values).at("/env").valueStream().filter(entry -> entry.has("value"))
                .collect(Collectors.toMap(entry -> entry.path("name").asText(), entry -> entry.path("value").asText()));
    }

    private String checksum(String values) {
        try {
            return render(values).get(DEPLOYMENT).at("/spec/template/metadata/annotations").get("checksum/config")
                    .asText();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
