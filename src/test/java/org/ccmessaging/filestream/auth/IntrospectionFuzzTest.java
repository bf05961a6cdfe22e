package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.failure.TokenKeysUnavailableException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.support.TestIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;

/** The service accepts an opaque token only if the response of its issuer says that it is active, and for whom. */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.auth", texts = "cannot be fetched")
class IntrospectionFuzzTest {

    private static final String ACTIVE = "{\"active\":true,\"iss\":\"issuer\",\"aud\":[\"ccmessaging\"],"
            + "\"exp\":1767225700,\"azp\":\"app\",\"tenantId\":\"tenant\",\"channelId\":\"channel\",\"userId\":7}";

    private static TestIssuer company;
    private static TokenVerifier verifier;

    @BeforeAll
    static void start() throws Exception {
        company = new TestIssuer();
        company.introspect("active", ACTIVE);
        String session = "filestream.auth.session-token.";
        AuthSettings settings = ShippedSettings.of("filestream.auth", AuthSettings.class, Map.of(
                "filestream.auth.signing-key", Service.SIGNING_KEY, session + "issuer", "issuer",
                session + "introspection-uri", company.introspection(), session + "introspection-cache", "0s",
                session + "client-id", TestIssuer.CLIENT_ID, session + "client-secret", TestIssuer.CLIENT_SECRET));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        verifier = new TokenVerifier(settings, new TokenKeys(settings, new HealthSettings(Duration.ofSeconds(1)),
                meters), TokenFuzzTest.CLOCK, meters);
    }

    @AfterAll
    static void stop() {
        company.close();
    }

    static Stream<byte[]> responses() {
        return Stream.of(ACTIVE, ACTIVE.replace("true", "false"), ACTIVE.replace("\"aud\":[\"ccmessaging\"],", ""),
                ACTIVE.replace("{", "{\"nbf\":1767225600,\"iat\":1e400,\"active\":\"true\","), "[" + ACTIVE + "]")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("responses")
    @FuzzTest
    void response(byte[] response) throws Exception {
        String json = new String(response, StandardCharsets.UTF_8).replace('\'', '"');
        company.introspect("token", json);
        try {
            Token token = verifier.verifySessionToken("token");
            JsonNode claims = TokenFuzzTest.TREES.readTree(json);
            assertThat(claims.get("active")).isEqualTo(TokenFuzzTest.TREES.readTree("true"));
            assertThat(claims.path("iss").asText("issuer")).isEqualTo("issuer");
            TokenFuzzTest.assertTimes(claims);
            TokenFuzzTest.assertAudience(claims, "ccmessaging");
            TokenFuzzTest.assertCustomer(claims, token);
        } catch (UnauthorizedException refused) {
            // Whether the issuer calls the token active or not, the client gets 401.
        } catch (TokenKeysUnavailableException malformed) {
            // Two good responses keep the circuit closed.
            assertThat(verifier.verifySessionToken("active")).isNotNull();
            assertThat(verifier.verifySessionToken("active").customer().userId()).isEqualTo("7");
        }
    }
}
