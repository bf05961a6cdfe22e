package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.ccmessaging.filestream.admission.ShutdownSettings;
import org.ccmessaging.filestream.auth.AuthSettings;
import org.ccmessaging.filestream.console.ConsoleSettings;
import org.ccmessaging.filestream.observe.LogSettings;
import org.ccmessaging.filestream.storage.LibrarySettings;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** A wrong setting stops the start with one line: the key, the value (never a secret's), and what is allowed. */
class SettingsTest {

    @RegisterExtension
    static final ExpectedErrors EXPECTED =
            ExpectedErrors.of("org.springframework.context", "Exception encountered during context initialization");

    private static final String SECRET = "do-not-tell";
    private static final String AUTH = "filestream.auth.";
    private static final String DOWNLOAD = "filestream.download.";
    private static final String RATE = DOWNLOAD + "rate.";
    private static final String HTTP = "filestream.http.";
    private static final String ROUTES = "filestream.routes.";
    private static final String NETWORKS = "networks such as 10.0.0.0/8, fd00::/8 or 192.0.2.7";
    private static final String LOCAL = "filestream.storage.local.";
    private static final String HEADER =
            "the name of a header, of letters, digits and -, which does not start with Camel";
    private static final String NOT_FREE = HEADER + " or Access-Control- and is none of [allow, authorization,"
            + " ccmessaging-token, connection, content-encoding, content-length, content-range, content-type, date,"
            + " keep-alive, proxy-authenticate, proxy-authorization, resultcode, resultdesc, retry-after, set-cookie,"
            + " set-cookie2, te, traceparent, trailer, transfer-encoding, upgrade, x-app-key, x-request-id,"
            + " x-token-expire]";
    private static final String S3 = "filestream.s3.";

    private static void assertReported(StartReport report, String description) {
        assertThat(report.description()).isEqualTo(description).hasLineCount(1);
        assertThat(report.action()).startsWith("Set it in config/application.yaml, which explains every key")
                .hasLineCount(1);
        assertThat(report.toString()).doesNotContain(SECRET, Service.SIGNING_KEY);
    }

    static Stream<Arguments> wrongValues() {
        return Stream.concat(Stream.concat(wrongLimits(), wrongHeaders()), Stream.of(
                arguments(AUTH + "jwk-set-uri", "ftp://login.example.com/keys",
                        "an http or https address, such as https://host.example.com"),
                arguments(AUTH + "issuer", "", "a text that is not blank"),
                arguments(AUTH + "issuer", " ", "a text that is not blank"),
                arguments("filestream.storage.multimedia-library.bucket", "", "a text that is not blank"),
                arguments("filestream.storage.standard.bucket", " ", "a text that is not blank"),
                arguments("filestream.storage.standard.key", "", "a text that is not blank"),
                arguments("filestream.storage.standard.key", "${variable.tenantId}/file",
                        "an expression that contains ${variable.objectKey}"),
                arguments("filestream.storage.standard.key", "${variable.objectKey}/${variable.tenantId}",
                        "nothing but plain folder names before ${variable.tenantId}"),
                arguments(S3 + "endpoint", "s3.example.com",
                        "an http or https address, such as https://host.example.com"),
                arguments(S3 + "endpoint", "ftp://s3.example.com",
                        "an http or https address, such as https://host.example.com"),
                arguments(S3 + "public-endpoint", "files.example.com",
                        "an http or https address, such as https://host.example.com"),
                arguments(S3 + "max-connections", "0", "a whole number from 1 to 20000"),
                arguments(S3 + "max-attempts", "0", "a whole number from 1 to 10"),
                arguments(S3 + "max-attempts", "11", "a whole number from 1 to 10"),
                arguments("filestream.console.role", " ", "a text that is not blank"),
                arguments("filestream.console.oidc.issuer-uri", "ftp://login.example.com",
                        "an http or https address, such as https://host.example.com"),
                arguments("filestream.routes.hosts", "http://scanner", "a host or host:port such as"
                        + " scanner.example.com:8000, without http:// and without a path"),
                arguments("filestream.routes.request-headers", "x-request-id",
                        "another header: routes have the ID of a request in variable requestId"),
                arguments("filestream.cors.allowed-origins", "*", "exact origins as browsers send them, such as"
                        + " https://chat.example.com: in lower case, without path, slash at the end or the scheme's"
                        + " default port; neither * nor null"),
                arguments(ROUTES + "tests-timeout", "PT0.9S", "a duration from 1s to 1h"),
                arguments(ROUTES + "tests-timeout", "PT1H0.001S", "a duration from 1s to 1h"),
                arguments(ROUTES + "watch", "PT-1S", "a duration from 0s (off) to 1h"),
                arguments(ROUTES + "watch", "PT2H", "a duration from 0s (off) to 1h"),
                arguments(ROUTES + "history", "routes",
                        "a folder of its own, not that of the routes (routes)")));
    }

    private static Stream<Arguments> wrongHeaders() {
        return Stream.of(
                arguments("filestream.routes.request-headers", "retry-after", HEADER
                        + " and is none of [allow, authorization, ccmessaging-token, cookie, resultcode, resultdesc,"
                        + " retry-after, x-app-key, x-token-expire]"),
                arguments("filestream.http.response-headers", "Set-Cookie", NOT_FREE),
                arguments("filestream.http.response-headers", "transfer-encoding", NOT_FREE),
                arguments("filestream.http.response-headers", "Content-Length", NOT_FREE),
                arguments("filestream.http.response-headers", "resultCode", NOT_FREE),
                arguments("filestream.http.response-headers", "CamelHttpUri", NOT_FREE),
                arguments("filestream.http.response-headers", "access-control-allow-origin", NOT_FREE),
                arguments("filestream.http.response-headers", "a b", NOT_FREE),
                arguments(DOWNLOAD + "file-type-aliases.jpeg", "gif", "one of filestream.download.file-types"));
    }

    private static Stream<Arguments> wrongLimits() {
        return Stream.of(
                arguments(DOWNLOAD + "max-file-size", "0B", "a size of at least 1B"),
                arguments(DOWNLOAD + "max-file-size", "-1B", "a size of at least 1B"),
                arguments(DOWNLOAD + "buffer-limit", "0B", "a size from 1B to 64MB"),
                arguments(DOWNLOAD + "max-in-flight", "0", "a whole number from 1 to 10000"),
                arguments(DOWNLOAD + "max-in-flight", "10001", "a whole number from 1 to 10000"),
                arguments(DOWNLOAD + "max-in-flight-per-session", "0", "a whole number from 1 to 10000"),
                arguments(DOWNLOAD + "max-in-flight-per-session", "10001", "a whole number from 1 to 10000"),
                arguments(DOWNLOAD + "max-in-flight-per-tenant", "0", "a whole number from 1 to 10000"),
                arguments(DOWNLOAD + "max-in-flight-per-tenant", "10001", "a whole number from 1 to 10000"),
                arguments(RATE + "tenant-requests", "0", "a whole number from 1 to 1000000"),
                arguments(RATE + "tenant-requests", "1000001", "a whole number from 1 to 1000000"),
                arguments(RATE + "app-requests", "0", "a whole number from 1 to 1000000"),
                arguments(RATE + "tenant-bytes", "1023B", "a size from 1KB to 900MB"),
                arguments(RATE + "app-bytes", "0B", "a size from 1KB to 900MB"),
                arguments(DOWNLOAD + "first-byte-timeout", "PT0S", "a duration of more than 0, such as 5s"),
                arguments(DOWNLOAD + "stall-timeout", "PT-1S", "a duration of more than 0, such as 5s"),
                arguments(DOWNLOAD + "file-url-lifetime", "PT0S", "a duration from 1s to 7d"),
                arguments(DOWNLOAD + "file-url-lifetime", "PT169H", "a duration from 1s to 7d"),
                arguments(DOWNLOAD + "file-url-lifetime", "PT-1H", "a duration from 1s to 7d"),
                arguments(S3 + "circuit-open-time", "PT11M", "a duration from 0s to 10m"),
                arguments(HTTP + "min-read-rate", "-1B", "a size from 0B to 1MB"),
                arguments(HTTP + "max-per-address", "-1", "a whole number from 0 to 1000000"),
                arguments(HTTP + "trusted-proxies", "10.0.0.0/99", NETWORKS),
                arguments(HTTP + "trusted-proxies", "load-balancer", NETWORKS));
    }

    @ParameterizedTest
    @MethodSource("wrongValues")
    void wrongValueStopsTheStart(String key, String value, String allowed) {
        assertReported(key.equals(AUTH + "jwk-set-uri")
                ? StartReport.of(key, value, AUTH + "signing-key", StartReport.UNSET) : StartReport.of(key, value),
                key + " = \"" + value + "\": expected " + allowed);
    }

    static Stream<Arguments> valuesOfAnotherType() {
        return Stream.of(
                arguments(AUTH + "jwk-set-uri", "not a uri"),
                arguments(AUTH + "token-endpoints", "maybe"),
                arguments(LOCAL + "type", "ftp"),
                arguments(LOCAL + "shared", "perhaps"),
                arguments("filestream.storage.multimedia-library.type", "ftp"),
                arguments("filestream.library.catalogue", "ldap"),
                arguments("filestream.library.migrate", "maybe"),
                arguments("filestream.library.cache", "a while"),
                arguments("filestream.log.user-ids", "some"),
                arguments("filestream.log.file-ids", "some"),
                arguments("filestream.shutdown.delay", "a while"),
                arguments(S3 + "endpoint", "https://"),
                arguments(S3 + "connect-timeout", "soon"),
                arguments(S3 + "adaptive-concurrency", "perhaps"),
                arguments(ROUTES + "live-reload", "sometimes"),
                arguments(ROUTES + "tests-before-swap", "sometimes"),
                arguments(DOWNLOAD + "max-file-size", "large"),
                arguments(DOWNLOAD + "buffer-limit", "256 kilobytes"),
                arguments(DOWNLOAD + "max-in-flight", "many"),
                arguments(DOWNLOAD + "max-in-flight", "1.5"),
                arguments(DOWNLOAD + "max-in-flight-per-tenant", "none"),
                arguments(DOWNLOAD + "file-url", "foo"),
                arguments(DOWNLOAD + "file-url-lifetime", "soon"),
                arguments(DOWNLOAD + "file-url-only-above", "ten"),
                arguments(RATE + "app-requests", "few"),
                arguments(RATE + "app-bytes", "fast"),
                arguments(RATE + "burst", "long"),
                arguments(S3 + "verify-responses", "maybe"),
                arguments(HTTP + "body-timeout", "soon"));
    }

    /** The report is Spring Boot's own. */
    @ParameterizedTest
    @MethodSource("valuesOfAnotherType")
    void valueOfAnotherTypeStopsTheStartAndIsNamedWithItsKey(String key, String value) {
        assertThat((key.equals(AUTH + "jwk-set-uri")
                ? StartReport.of(key, value, AUTH + "signing-key", StartReport.UNSET) : StartReport.of(key, value))
                .description()).contains(key, value).doesNotContain(Service.SIGNING_KEY);
    }

    @Test
    void sizeAboveWhichAResponseHasOnlyALinkNeedsLinksAndIsNotNegative() {
        assertReported(StartReport.of(DOWNLOAD + "file-url-only-above", "10MB"),
                DOWNLOAD + "file-url = \"off\": expected presigned, since file-url-only-above is set");
        assertReported(StartReport.of(DOWNLOAD + "file-url", "presigned", DOWNLOAD + "file-url-only-above", "-1B"),
                DOWNLOAD + "file-url-only-above = \"-1B\": expected a size of at least 0B");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect-timeout", "read-timeout"})
    void timeoutThatIsNotPositiveStopsTheStart(String name) {
        assertReported(StartReport.of(S3 + name, "0s"),
                S3 + name + " = \"PT0S\": expected a duration of more than 0, such as 5s");
        assertReported(StartReport.of(S3 + name, "-1s"),
                S3 + name + " = \"PT-1S\": expected a duration of more than 0, such as 5s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"first-byte-timeout", "header-timeout", "body-timeout", "idle-timeout", "read-rate-window"})
    void limitOfAConnectionThatIsNotPositiveStopsTheStart(String name) {
        assertReported(StartReport.of(HTTP + name, "0s"),
                HTTP + name + " = \"PT0S\": expected a duration of more than 0, such as 5s");
    }

    @Test
    void intervalOrDelayOutsideItsRangeStopsTheStart() {
        assertReported(StartReport.of("filestream.health.probe-interval", "99ms"),
                "filestream.health.probe-interval = \"PT0.099S\": expected a duration from 100ms to 10m");
        assertReported(StartReport.of("filestream.shutdown.delay", "-1s"),
                "filestream.shutdown.delay = \"PT-1S\": expected a duration from 0s to 10m");
        assertReported(StartReport.of("filestream.shutdown.delay", "601s"),
                "filestream.shutdown.delay = \"PT10M1S\": expected a duration from 0s to 10m");
    }

    @Test
    void bufferThatIsTooLargeStopsTheStart() {
        assertReported(StartReport.of(DOWNLOAD + "buffer-limit", "65MB"),
                "filestream.download.buffer-limit = \"68157440B\": expected a size from 1B to 64MB");
    }

    @Test
    void rateOutsideItsRangeStopsTheStart() {
        assertReported(StartReport.of(RATE + "tenant-bytes", "901MB"),
                RATE + "tenant-bytes = \"944766976B\": expected a size from 1KB to 900MB");
        assertReported(StartReport.of(RATE + "burst", "999ms"),
                RATE + "burst = \"PT0.999S\": expected a duration from 1s to 1h");
        assertReported(StartReport.of(RATE + "burst", "61m"),
                RATE + "burst = \"PT1H1M\": expected a duration from 1s to 1h");
    }

    @Test
    void noFileTypesStopTheStart() {
        assertReported(StartReport.of(DOWNLOAD + "file-types", ""),
                "filestream.download.file-types = \"[]\": expected a list such as jpg,pdf");
        assertReported(StartReport.of(DOWNLOAD + "file-types[0]", " "),
                "filestream.download.file-types = \"[ ]\": expected a list such as jpg,pdf");
    }

    @ParameterizedTest
    @ValueSource(strings = {StartReport.UNSET, "", " "})
    void noKeyToVerifyTokensWithStopsTheStart(String key) {
        assertReported(StartReport.of(AUTH + "signing-key", key),
                "filestream.auth.signing-key is not set: expected a secret of at least 32 bytes that tokens are signed "
                        + "with (there is no default), or filestream.auth.jwk-set-uri for tokens of an external "
                        + "issuer");
    }

    @ParameterizedTest
    @CsvSource({"do-not-tell-do-not-tell-do-not-, 31, 31", "do-not-tell-ä, 13, 14"})
    void signingKeyThatIsTooShortStopsTheStartAndIsNotShown(String key, int characters, int bytes) {
        assertReported(StartReport.of(AUTH + "signing-key", key), "filestream.auth.signing-key = \"(secret, "
                + characters + " characters)\": expected at least 32 bytes, but it has " + bytes
                + "; `openssl rand -base64 48` makes a good one");
    }

    @Test
    void signingKeyAndKeySetTogetherStopTheStart() {
        assertReported(StartReport.of(AUTH + "jwk-set-uri", "https://login.example.com/keys"),
                "filestream.auth.signing-key = \"(secret, 44 characters)\": expected either it or "
                        + "filestream.auth.jwk-set-uri, not both");
    }

    @Test
    void tokenEndpointsWithoutASigningKeyStopTheStart() {
        assertReported(StartReport.of(AUTH + "token-endpoints", "true", AUTH + "signing-key", StartReport.UNSET,
                        AUTH + "jwk-set-uri", "https://login.example.com/keys"),
                "filestream.auth.token-endpoints = \"true\": expected false, since only a service with a "
                        + "filestream.auth.signing-key can issue tokens");
    }

    @Test
    void issuersThatCannotBeToldApartStopTheStart() {
        String login = "https://login.example.com";
        assertReported(StartReport.of(AUTH + "access-token.issuer-uri", login,
                        AUTH + "access-token.issuers.other.issuer-uri", login),
                "filestream.auth.access-token.issuers = \"https://login.example.com\": expected each issuer once, "
                        + "since the iss of a token selects it");
        assertReported(StartReport.of(AUTH + "access-token.issuer-uri", login, AUTH + "access-token.audience", "a",
                        AUTH + "session-token.issuer-uri", login, AUTH + "session-token.audience", "a"),
                "filestream.auth.session-token.audience = \"a\": expected another audience than that of the "
                        + "AccessTokens of the same issuer");
    }

    @Test
    void issuerWithoutKeysOrWithTwoKindsOfThemStopsTheStart() {
        assertReported(StartReport.of(AUTH + "session-token.issuers.other.issuer", "other"),
                "filestream.auth.session-token.issuers.other.signing-keys is not set: expected a secret of at least 32 "
                        + "bytes that tokens are signed with (there is no default), or "
                        + "filestream.auth.session-token.issuers.other.jwk-set-uri for tokens of an external issuer");
        assertReported(StartReport.of(AUTH + "access-token.issuer-uri", "https://login.example.com",
                        AUTH + "access-token.jwk-set-uri", "https://login.example.com/keys"),
                "filestream.auth.access-token.signing-keys is not set: expected only one of "
                        + "filestream.auth.access-token.signing-keys, issuer-uri, jwk-set-uri and introspection-uri");
        String gateway = "https://login.example.com";
        assertReported(StartReport.of(AUTH + "access-token.introspection-uri", gateway),
                "filestream.auth.access-token.client-id is not set: expected a text that is not blank");
        assertReported(StartReport.of(AUTH + "access-token.introspection-uri", gateway,
                        AUTH + "access-token.client-id", "filestream"),
                "filestream.auth.access-token.client-secret is not set: expected a secret");
        assertReported(StartReport.of(AUTH + "access-token.introspection-uri", gateway,
                        AUTH + "access-token.client-id", "filestream", AUTH + "access-token.client-secret", SECRET,
                        AUTH + "access-token.audience", "ccmessaging"),
                "filestream.auth.session-token.audience = \"ccmessaging\": expected another audience than that of the "
                        + "AccessTokens of the same issuer");
        assertReported(StartReport.of(AUTH + "session-token.signing-keys[0].secret", "x".repeat(32),
                        AUTH + "session-token.signing-keys[1].secret", "y".repeat(32)),
                "filestream.auth.session-token.signing-keys = \"(set)\": expected a kid for each of several keys");
    }

    @Test
    void clientOfAnIntrospectionEndpointWithoutItsAddressStopsTheStart() {
        assertReported(StartReport.of(AUTH + "access-token.client-id", "filestream",
                        AUTH + "access-token.client-secret", SECRET),
                "filestream.auth.access-token.introspection-uri is not set: "
                        + "expected the address that client-id is for");
    }

    @Test
    void audienceNoneStopsTheStartWhereATokenOfTheOtherKindCouldBeAccepted() {
        assertReported(StartReport.of(AUTH + "access-token.audience", "none"),
                "filestream.auth.access-token.audience = \"none\": expected the aud of the tokens; only the tokens of "
                        + "an introspection-uri may have none");
        assertReported(StartReport.of(AUTH + "access-token.introspection-uri", "https://login.example.com",
                        AUTH + "access-token.client-id", "filestream", AUTH + "access-token.client-secret", SECRET,
                        AUTH + "access-token.audience", "none",
                        AUTH + "session-token.jwk-set-uri", "https://login.example.com/keys"),
                "filestream.auth.access-token.audience = \"none\": expected an audience, unless signing-keys verify "
                        + "the other kind of token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"azp", "aud", "tenantId"})
    void claimThatTheServiceWouldWriteTwiceStopsTheStart(String name) {
        assertThat(StartReport.of(AUTH + "session-token.claims.user-id", name).description())
                .startsWith("filestream.auth.session-token.claims = ").contains("userId=" + name)
                .endsWith("expected different claims, none of which is one of [aud, exp, iat, iss, nbf], since the "
                        + "service writes them");
    }

    @Test
    void reportNamesTheVariableOfAKeyInAList() {
        assertThat(StartReport.of(AUTH + "access-token.signing-keys[0].secret", "short").action())
                .contains("FILESTREAM_AUTH_ACCESS_TOKEN_SIGNING_KEYS_0_SECRET.");
    }

    @Test
    void appWithoutASecretOrATenantStopsTheStart() {
        assertReported(StartReport.of(AUTH + "apps.my-app.tenant-id", "demo"),
                "filestream.auth.apps.my-app.secret is not set: expected a secret");
        assertReported(StartReport.of(AUTH + "apps.my-app.tenant-id", "demo", AUTH + "apps.my-app.secret", " "),
                "filestream.auth.apps.my-app.secret = \"(secret, 1 characters)\": expected a secret");
        assertReported(StartReport.of(AUTH + "apps.my-app.secret", SECRET),
                "filestream.auth.apps.my-app.tenant-id is not set: expected a text that is not blank");
        assertReported(StartReport.of(AUTH + "apps.my-app.secret", SECRET, AUTH + "apps.my-app.tenant-id", " "),
                "filestream.auth.apps.my-app.tenant-id = \" \": expected a text that is not blank");
    }

    @Test
    void textWhereAnAppShouldBeStopsTheStartAndIsNotShown() {
        assertThat(StartReport.of(AUTH + "apps.my-app", SECRET).description())
                .startsWith("filestream.auth.apps.my-app = \"(not shown)\": expected ").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"${variable.objectKey}", "${variable.tenantId}-${variable.objectKey}"})
    void keyThatCouldMixTenantsStopsTheStartUnlessTheBranchIsShared(String key) {
        assertReported(StartReport.of(LOCAL + "key", key), "filestream.storage.local.key = \"" + key
                + "\": expected ${variable.tenantId} as a folder of its own, as in ${variable.tenantId}/"
                + "${variable.objectKey}, or .shared=true beside it if all tenants may read this branch");

        StartReport.bind(Map.of(LOCAL + "key", key, LOCAL + "shared", "true"), Map.of(), context ->
                assertThat(context.getBean(StorageSettings.class).named("local").shared()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Archive", "old_files", "old--files", "old-", "1st", "none", "[old.files]"})
    void branchWithAMalformedNameStopsTheStart(String name) {
        String prefix = "filestream.storage." + name;

        assertThat(StartReport.of(prefix + ".type", "s3", prefix + ".bucket", "b", prefix + ".key",
                "${variable.tenantId}/${variable.objectKey}").description())
                .endsWith("expected a name of lower-case letters, digits and single dashes, which starts with a letter"
                        + " and is not none");
    }

    @Test
    void branchThatIsNoneOfTheContractNeedsAllItsSettings() {
        String prefix = "filestream.storage.archive.";

        assertReported(StartReport.of(prefix + "bucket", "b"), prefix + "type is not set: expected one of filesystem,"
                + " s3, stream, since archive is none of the branches local, multimedia-library, standard, which have"
                + " defaults");
        assertReported(StartReport.of(prefix + "type", "s3", prefix + "bucket", "b"),
                prefix + "key is not set: expected a text that is not blank");
        assertReported(StartReport.of(prefix + "type", "s3", prefix + "bucket", "b", prefix + "key",
                "${variable.objectKey}"), prefix + "key = \"${variable.objectKey}\": expected ${variable.tenantId} as"
                + " a folder of its own, as in ${variable.tenantId}/${variable.objectKey}, or .shared=true beside it if"
                + " all tenants may read this branch");
    }

    @Test
    void nearestBranchMayBeOneThatTheInstallationAdds() {
        String prefix = "filestream.storage.archive.";

        assertThat(StartReport.of(prefix + "type", "s3", prefix + "bucket", "b", prefix + "key",
                "${variable.tenantId}/${variable.objectKey}", "filestream.storage.archve.bucket", "c").description())
                .startsWith("filestream.storage.archve.type is not set").endsWith(" (did you mean archive?)");
    }

    private static void assertBranches(
            Map<String, Object> settings, Map<String, Object> environment, String... bucketsByName) {
        StartReport.bind(settings, environment, context -> {
            List<String> buckets = new ArrayList<>();
            context.getBean(StorageSettings.class).forEach((name, branch) ->
                    buckets.add(name + "=" + branch.bucket()));
            assertThat(buckets).startsWith("local=local", "multimedia-library=multimedia-library", "standard=standard")
                    .endsWith(bucketsByName).hasSize(3 + bucketsByName.length);
        });
    }

    @Test
    void environmentAloneCanAddABranchWhoseNameHasNoDash() {
        assertBranches(Map.of(), Map.of("FILESTREAM_STORAGE_ARCHIVE_TYPE", "s3", "FILESTREAM_STORAGE_ARCHIVE_BUCKET",
                "in-the-environment", "FILESTREAM_STORAGE_ARCHIVE_KEY", "${variable.tenantId}/${variable.objectKey}"),
                "archive=in-the-environment");
    }

    /** With an underscore for the dash, or with nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"FILESTREAM_STORAGE_OLD_FILES_BUCKET", "FILESTREAM_STORAGE_OLDFILES_BUCKET"})
    void environmentSetsABranchWithADashIfTheConfigurationFileHasIt(String variable) {
        assertBranches(Map.of("filestream.storage.old-files.type", "s3", "filestream.storage.old-files.key",
                "${variable.tenantId}/${variable.objectKey}"), Map.of(variable, "in-the-environment"),
                "old-files=in-the-environment");
    }

    @Test
    void environmentAloneAddsNoBranchWithADash() {
        assertBranches(Map.of(), Map.of("FILESTREAM_STORAGE_OLD_FILES_TYPE", "s3", "FILESTREAM_STORAGE_OLD_FILES_KEY",
                "${variable.tenantId}/${variable.objectKey}", "FILESTREAM_STORAGE_OLD_FILES_BUCKET", "b"));
    }

    @Test
    void branchOfTheFileSystemNeedsARootAndNoBucket() {
        assertReported(StartReport.of(LOCAL + "root", " "),
                "filestream.storage.local.root is not set: expected a folder");

        StartReport.bind(Map.of(LOCAL + "bucket", ""), Map.of(), context ->
                assertThat(context).hasNotFailed());
    }

    @Test
    void halfOfTheStoresCredentialsStopsTheStart() {
        assertReported(StartReport.of(S3 + "access-key", SECRET), "filestream.s3.secret-key is not set: expected a "
                + "value, since the other one of access-key and secret-key is set");
        assertReported(StartReport.of(S3 + "secret-key", SECRET), "filestream.s3.access-key is not set: expected a "
                + "value, since the other one of access-key and secret-key is set");
        assertReported(StartReport.of(S3 + "secret-key", SECRET, S3 + "access-key", ""), "filestream.s3.access-key is "
                + "not set: expected a value, since the other one of access-key and secret-key is set");
    }

    @Test
    void passwordInAnAddressIsNotShown() {
        assertThat(StartReport.of(S3 + "endpoint", "://me:" + SECRET + "@host").description())
                .startsWith("filestream.s3.endpoint = \"(not shown)\"");
        assertReported(StartReport.of(S3 + "endpoint", "ftp://me:" + SECRET + "@host/x"), "filestream.s3.endpoint = "
                + "\"ftp://(hidden)@host/x\": expected an http or https address, such as https://host.example.com");
    }

    /** As in a deployment that passes on every variable, even an empty one. */
    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void blankEnvironmentVariableOfAnOptionalSettingIsNone(String blank) {
        StartReport.bind(Map.of(), Map.of("FILESTREAM_S3_ACCESS_KEY", blank, "FILESTREAM_S3_SECRET_KEY", blank,
                "FILESTREAM_S3_REGION", blank, "FILESTREAM_S3_ENDPOINT", blank, "FILESTREAM_AUTH_JWK_SET_URI", blank),
                context -> {
                    S3Settings s3 = context.getBean(S3Settings.class);
                    assertThat(s3.accessKey()).isNull();
                    assertThat(s3.secretKey()).isNull();
                    assertThat(s3.region()).isNull();
                    assertThat(s3.endpoint()).isNull();
                    assertThat(context.getBean(AuthSettings.class).accessTokens()).asString()
                            .contains("setting=filestream.auth.signing-key");
                });
    }

    @Test
    void emptyEnvironmentVariableOfAnOptionalLimitIsNone() {
        StartReport.bind(Map.of(), Map.of("FILESTREAM_DOWNLOAD_MAX_IN_FLIGHT_PER_TENANT", "",
                "FILESTREAM_DOWNLOAD_RATE_TENANT_REQUESTS", "", "FILESTREAM_DOWNLOAD_RATE_TENANT_BYTES", ""),
                context -> {
                    DownloadSettings download = context.getBean(DownloadSettings.class);
                    assertThat(download.maxInFlightPerTenant()).isNull();
                    assertThat(download.rate()).isEqualTo(
                            new DownloadSettings.Rate(null, null, null, null, Duration.ofSeconds(1)));
                });
    }

    @Test
    void settingLeftWithoutAValueInTheFileStopsTheStart() {
        assertThat(StartReport.of(S3 + "endpoint", "").description())
                .isEqualTo("No such setting, or one without a value: filestream.s3.endpoint");
    }

    @Test
    void routesThatAreNotThereStopTheStartNamingTheFolderAndTheWorkingDirectory(@TempDir Path folder)
            throws Exception {
        Path missing = folder.resolve("missing");
        Path workingDirectory = Path.of("").toAbsolutePath();
        Files.writeString(folder.resolve("notes.yaml"), "[]");

        for (Path directory : new Path[] {missing, folder}) {
            assertReported(StartReport.of("filestream.routes.directory", directory.toString()),
                    "filestream.routes.directory = \"" + directory + "\": expected a folder with *.camel.yaml files, "
                            + "but there is none at " + directory + " (working directory " + workingDirectory + ")");
        }
        assertReported(StartReport.of("filestream.routes.directory", "missing"),
                "filestream.routes.directory = \"missing\": expected a folder with *.camel.yaml files, but there is "
                        + "none at " + workingDirectory.resolve("missing") + " (working directory " + workingDirectory
                        + ")");
    }

    @ParameterizedTest
    @ValueSource(strings = {"filestream.s3.endpont", "filestream.download.max-inflights",
        "filestream.download.rate.tenant-requets", "filestream.auth.signingkeys",
        "filestream.storage.local.buckets", "filestream.storage.remote.typ",
        "filestream.library.catalog", "filestream.console.user", "filestream.routes.dir",
        "filestream.auth.apps.my-app.tenant", "filestream.log.user-id"})
    void settingThatDoesNotExistStopsTheStart(String key) {
        StartReport report = StartReport.of(key, SECRET, AUTH + "apps.my-app.secret", SECRET,
                AUTH + "apps.my-app.tenant-id", "demo");

        assertThat(report.description()).isEqualTo("No such setting: " + key);
        assertThat(report.action()).isEqualTo(
                "Correct the spelling, or take it out; config/application.yaml lists every key.");
    }

    @ParameterizedTest
    @CsvSource({
        "filestream.s3.max-attempts, 0, FILESTREAM_S3_MAX_ATTEMPTS",
        "filestream.storage.multimedia-library.bucket, '', FILESTREAM_STORAGE_MULTIMEDIA_LIBRARY_BUCKET",
        "filestream.download.max-in-flight, 0, FILESTREAM_DOWNLOAD_MAX_IN_FLIGHT"})
    void reportNamesTheEnvironmentVariableAsConfigApplicationYamlDoes(String key, String value, String variable) {
        assertThat(StartReport.of(key, value).action()).isEqualTo("Set it in config/application.yaml, which explains "
                + "every key, or in the environment as " + variable + ".");
    }

    @Test
    void reportOfAnAppNamesNoVariableSinceItsNameWouldLoseTheAppKeysSpelling() {
        assertThat(StartReport.of(AUTH + "apps.My-App.tenant-id", "demo").action())
                .isEqualTo("Set it in config/application.yaml, which explains every key.");
    }

    @Test
    void settingsComeFromTheEnvironment() {
        StartReport.bind(Map.of(), Map.ofEntries(
                Map.entry("FILESTREAM_STORAGE_MULTIMEDIALIBRARY_TYPE", "filesystem"),
                Map.entry("FILESTREAM_STORAGE_MULTIMEDIA_LIBRARY_ROOT", "/srv/library"),
                Map.entry("FILESTREAM_STORAGE_STANDARD_BUCKET", "files"),
                Map.entry("FILESTREAM_STORAGE_LOCAL_SHARED", "true"),
                Map.entry("FILESTREAM_DOWNLOAD_MAX_IN_FLIGHT", "7"),
                Map.entry("FILESTREAM_DOWNLOAD_MAX_IN_FLIGHT_PER_SESSION", "5"),
                Map.entry("FILESTREAM_DOWNLOAD_MAX_IN_FLIGHT_PER_TENANT", "6"),
                Map.entry("FILESTREAM_DOWNLOAD_RATE_TENANT_REQUESTS", "50"),
                Map.entry("FILESTREAM_DOWNLOAD_RATE_TENANT_BYTES", "10MB"),
                Map.entry("FILESTREAM_DOWNLOAD_RATE_APP_REQUESTS", "200"),
                Map.entry("FILESTREAM_DOWNLOAD_RATE_APP_BYTES", "50MB"),
                Map.entry("FILESTREAM_DOWNLOAD_RATE_BURST", "10s"),
                Map.entry("FILESTREAM_DOWNLOAD_FILE_TYPES", "PDF,txt"),
                Map.entry("FILESTREAM_DOWNLOAD_BUFFERLIMIT", "1KB"),
                Map.entry("FILESTREAM_S3_ENDPOINT", "http://store:9000"),
                Map.entry("FILESTREAM_S3_ACCESS_KEY", "id"),
                Map.entry("FILESTREAM_S3_SECRET_KEY", SECRET),
                Map.entry("FILESTREAM_S3_CONNECT_TIMEOUT", "700ms"),
                Map.entry("FILESTREAM_ROUTES_LIVERELOAD", "true"),
                Map.entry("FILESTREAM_ROUTES_TESTS_BEFORE_SWAP", "false"),
                Map.entry("FILESTREAM_ROUTES_TESTSTIMEOUT", "30s"),
                Map.entry("FILESTREAM_ROUTES_WATCH", "0s"),
                Map.entry("FILESTREAM_ROUTES_HISTORY", "/srv/history"),
                Map.entry("FILESTREAM_ROUTES_LABEL", "release 7"),
                Map.entry("FILESTREAM_AUTH_ISSUER", "me"),
                Map.entry("FILESTREAM_AUTH_APPS_SHOP_SECRET", SECRET),
                Map.entry("FILESTREAM_AUTH_APPS_SHOP_TENANT_ID", "demo")), context -> {
                    StorageSettings storage = context.getBean(StorageSettings.class);
                    assertThat(storage.named("multimedia-library").type()).isEqualTo(StorageSettings.Type.FILESYSTEM);
                    assertThat(storage.named("multimedia-library").root()).isEqualTo(Path.of("/srv/library"));
                    assertThat(storage.named("standard").bucket()).isEqualTo("files");
                    assertThat(storage.named("local").shared()).isTrue();
                    DownloadSettings download = context.getBean(DownloadSettings.class);
                    assertThat(download.maxInFlight()).isEqualTo(7);
                    assertThat(download.maxInFlightPerSession()).isEqualTo(5);
                    assertThat(download.maxInFlightPerTenant()).isEqualTo(6);
                    assertThat(download.rate()).isEqualTo(new DownloadSettings.Rate(50, DataSize.ofMegabytes(10), 200,
                            DataSize.ofMegabytes(50), Duration.ofSeconds(10)));
                    assertThat(download.fileTypes()).containsExactlyInAnyOrder("pdf", "txt");
                    assertThat(download.bufferLimit()).isEqualTo(DataSize.ofKilobytes(1));
                    RoutesSettings routes = context.getBean(RoutesSettings.class);
                    assertThat(routes.liveReload()).isTrue();
                    assertThat(routes.testsBeforeSwap()).isFalse();
                    assertThat(routes.testsTimeout()).isEqualTo(Duration.ofSeconds(30));
                    assertThat(routes.watch()).isZero();
                    assertThat(routes.history()).isEqualTo(Path.of("/srv/history"));
                    assertThat(routes.label()).isEqualTo("release 7");
                    S3Settings s3 = context.getBean(S3Settings.class);
                    assertThat(s3.endpoint()).isEqualTo(URI.create("http://store:9000"));
                    assertThat(s3.secretKey().reveal()).isEqualTo(SECRET);
                    assertThat(s3.connectTimeout()).isEqualTo(Duration.ofMillis(700));
                    AuthSettings auth = context.getBean(AuthSettings.class);
                    assertThat(auth.accessTokens()).asString().contains("name=me");
                    assertThat(auth.apps().get("shop").tenantId()).isEqualTo("demo");
                });
    }

    @Test
    void defaultsAreComplete() {
        StartReport.bind(Map.of(), Map.of(), context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(DownloadSettings.class)).isEqualTo(new DownloadSettings(
                    Set.of("jpg", "png", "bpm", "mp3", "aac", "mp4", "txt", "csv", "richtext", "doc", "docx",
                            "pdf", "zip"), Map.of(), DataSize.ofMegabytes(100), DataSize.ofKilobytes(16), 256, 16, null,
                    new DownloadSettings.Rate(null, null, null, null, Duration.ofSeconds(1)),
                    Duration.ofSeconds(10), Duration.ofSeconds(30), DownloadSettings.FileUrl.OFF, Duration.ofHours(24),
                    null));
            assertThat(context.getBean(AuthSettings.class).tokenEndpoints()).isFalse();
            assertThat(context.getBean(AuthSettings.class).apps()).isEmpty();
            assertThat(context.getBean(LibrarySettings.class).catalogue()).isEqualTo(LibrarySettings.Catalogue.NONE);
            RoutesSettings routes = context.getBean(RoutesSettings.class);
            assertThat(routes.directory()).isEqualTo(Path.of("routes"));
            assertThat(routes.liveReload()).isFalse();
            assertThat(routes.testsBeforeSwap()).isNull();
            assertThat(routes.testsTimeout()).isEqualTo(Duration.ofMinutes(5));
            assertThat(routes.watch()).isEqualTo(Duration.ofMinutes(1));
            assertThat(routes.history()).isNull();
            assertThat(routes.label()).isNull();
            assertThat(context.getBean(ConsoleSettings.class)).isEqualTo(new ConsoleSettings(null, null, "operator",
                    Path.of("config", "jolokia-access.xml"), new ConsoleSettings.Oidc(null, null, null, "roles")));
            assertThat(context.getBean(LogSettings.class)).isEqualTo(
                    new LogSettings(LogSettings.Form.HASHED, null, LogSettings.Form.HASHED));
            assertThat(context.getBean(ShutdownSettings.class)).isEqualTo(new ShutdownSettings(Duration.ZERO));
        });
    }

    @Test
    void halfOfALoginToTheConsoleStopsTheStart() {
        assertReported(StartReport.of("filestream.console.username", "admin"),
                "filestream.console.password is not set: expected a password for filestream.console.username, or "
                        + "neither of them (the console is off then)");
        assertReported(StartReport.of("filestream.console.password", SECRET, "filestream.console.username", " "),
                "filestream.console.username is not set: expected a user for filestream.console.password, or "
                        + "neither of them (the console is off then)");
    }

    @Test
    void providerOfLoginsThatIsIncompleteStopsTheStart() {
        String oidc = "filestream.console.oidc.";
        assertReported(StartReport.of(oidc + "client-id", "console"),
                oidc + "issuer-uri is not set: expected an http or https address, such as https://host.example.com");
        assertReported(StartReport.of(oidc + "issuer-uri", "https://login.example.com"),
                oidc + "client-id is not set: expected a text that is not blank");
        assertReported(
                StartReport.of(oidc + "issuer-uri", "https://login.example.com", oidc + "client-id", "console"),
                oidc + "client-secret is not set: expected the secret of that client");
        assertReported(StartReport.of(oidc + "issuer-uri", "https://login.example.com", oidc + "client-id", "console",
                oidc + "client-secret", SECRET, oidc + "roles-claim", ""),
                oidc + "roles-claim = \"\": expected a text that is not blank");
    }

    /** As in deployments that do not use the console. */
    @Test
    void emptyVariablesAreNoLogin() {
        StartReport.bind(Map.of(), Map.of("FILESTREAM_CONSOLE_USERNAME", "", "FILESTREAM_CONSOLE_PASSWORD", "",
                "FILESTREAM_CONSOLE_OIDC_CLIENTID", "", "FILESTREAM_CONSOLE_OIDC_ISSUERURI", "",
                "FILESTREAM_CONSOLE_OIDC_CLIENTSECRET", ""), context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(ConsoleSettings.class).username()).isNull();
                });
    }

    @Test
    void boundaryValuesAreAccepted() {
        for (Map<String, Object> settings : List.<Map<String, Object>>of(
                Map.of(DOWNLOAD + "max-file-size", "1B", DOWNLOAD + "buffer-limit", "1B", DOWNLOAD + "max-in-flight",
                        "1", DOWNLOAD + "max-in-flight-per-session", "1", DOWNLOAD + "max-in-flight-per-tenant", "1",
                        S3 + "max-connections", "1", S3 + "max-attempts", "1", S3 + "read-timeout", "1ms"),
                Map.of(DOWNLOAD + "max-file-size", "1TB", DOWNLOAD + "buffer-limit", "64MB",
                        DOWNLOAD + "max-in-flight", "10000", S3 + "max-connections", "20000", S3 + "max-attempts",
                        "10", S3 + "read-timeout", "1h", "filestream.shutdown.delay", "10m"),
                Map.of(DOWNLOAD + "max-in-flight-per-session", "10000", DOWNLOAD + "max-in-flight-per-tenant", "10000",
                        RATE + "tenant-requests", "1", RATE + "tenant-bytes", "1KB", RATE + "app-requests", "1000000",
                        RATE + "app-bytes", "900MB", RATE + "burst", "1h"),
                Map.of(AUTH + "signing-key", "x".repeat(32)))) {
            StartReport.bind(settings, Map.of(), context -> assertThat(context).hasNotFailed());
        }
    }

    @Test
    void secretsAreNotPrintedWithTheirSettings() {
        StartReport.bind(Map.of(AUTH + "apps.shop.secret", SECRET, AUTH + "apps.shop.tenant-id", "demo",
                S3 + "access-key", "id", S3 + "secret-key", SECRET, "filestream.console.username", "admin",
                "filestream.console.password", SECRET), Map.of(), context -> {
                    assertThat(context.getBean(AuthSettings.class).toString()).doesNotContain(SECRET,
                            Service.SIGNING_KEY).contains("(secret, 44 characters)");
                    assertThat(context.getBean(S3Settings.class).toString()).doesNotContain(SECRET);
                    assertThat(context.getBean(ConsoleSettings.class).toString()).doesNotContain(SECRET);
                });
    }

    @Test
    void failureThatIsNoSettingsIsLeftToSpringBoot() {
        assertThat(new InvalidSettingReport().analyze(new IllegalStateException(SECRET))).isNull();
        assertThatThrownBy(() -> StartReport.of("server.port", "8080")).hasMessageContaining("started with");
    }
}
