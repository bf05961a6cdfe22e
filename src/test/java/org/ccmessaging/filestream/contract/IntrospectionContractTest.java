package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BUSINESS_FAILURE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestIssuer;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Opaque tokens of both kinds, whose issuer says whether they are active (RFC 7662). */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExpectedErrors.Of(logger = "filestream", texts = "TokenKeysUnavailableException")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.auth", texts = "cannot be fetched")
class IntrospectionContractTest {

    private static final String AUTH = "filestream.auth.";
    private static final String ACTIVE = "'active':true,'client_id':'" + TestTokens.APP_KEY + "',";
    private static final String SESSION = ACTIVE + "'aud':['ccmessaging'],'org':{'id':'" + TestTokens.TENANT
            + "'},'channelId':'web-1','userId':'alice',";

    @AutoClose
    private TestIssuer company;
    @AutoClose
    private Stage stage;

    @BeforeAll
    void start() throws Exception {
        company = new TestIssuer();
        stage = stage(company, Map.of(AUTH + "access-token.introspection-cache", "1s",
                AUTH + "session-token.introspection-cache", "1s"));
    }

    private static Stage stage(TestIssuer company, Map<String, String> more) throws Exception {
        Map<String, Object> settings = new HashMap<>();
        for (String kind : new String[] {"access-token.", "session-token."}) {
            settings.put(AUTH + kind + "introspection-uri", company.introspection());
            settings.put(AUTH + kind + "client-id", TestIssuer.CLIENT_ID);
            settings.put(AUTH + kind + "client-secret", TestIssuer.CLIENT_SECRET);
            settings.put(AUTH + kind + "claims.app-key", "client_id");
        }
        settings.put(AUTH + "session-token.claims.tenant-id", "org.id");
        settings.put(AUTH + "session-token.issuer", "https://login.example.com");
        settings.put(AUTH + "token-endpoints", "false");
        settings.putAll(more);
        Stage stage = new Stage(Stage.Kind.FILESYSTEM, settings);
        stage.put("standard", "hello.txt", Stage.content(100));
        return stage;
    }

    private static String exp(long seconds) {
        return "'exp':" + Instant.now().plusSeconds(seconds).getEpochSecond();
    }

    /** A new token with a response of the issuer about it. */
    private String token(String members) {
        String token = "opaque/+%=" + UUID.randomUUID();
        company.introspect(token, "{" + members + "}");
        return token;
    }

    private String access() {
        return token(ACTIVE + "'aud':'apiaccess'," + exp(600));
    }

    private String session() {
        return token(SESSION + "'iss':'https://login.example.com'," + exp(600));
    }

    private Answer download(String accessToken, String sessionToken) {
        return download(stage, accessToken, sessionToken);
    }

    private static Answer download(Stage stage, String accessToken, String sessionToken) {
        return stage.api().download(request("standard", "hello.txt"), credentials(accessToken, sessionToken));
    }

    @Test
    void activeTokensAreAcceptedAndTheirClaimsMapped() {
        Answer answer = download(access(), session());

        assertThat(answer.file()).isEqualTo(Stage.content(100));
        assertThat(answer.header("ccmessaging-token")).isNull();
        assertThat(download(access(), token(SESSION.replace("'id':'demo'", "'id':'other'") + exp(600))).text())
                .as("another tenant").contains("\"13\"");
    }

    /** RFC 7662 requires neither exp nor iss. */
    @Test
    void tokenWithoutAnExpiryIsAcceptedUntilItIsAskedAboutAgain() {
        String access = token(ACTIVE + "'aud':'apiaccess','iss':'https://anything.example.com'");
        String session = token(SESSION + "'scope':'files'");
        assertThat(download(access, session).file()).isEqualTo(Stage.content(100));

        company.introspect(session, "{'active':false}");

        await().until(() -> download(access, session).status() == 401);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/tokens/inactive.txt", delimiter = '|', quoteCharacter = '`')
    void tokenThatIsNotActiveOrHasAWrongClaimGives401(String members) {
        assertThat(download(token(members), session()).status()).isEqualTo(401);
    }

    @Test
    void connectionThatTheIssuerHasClosedRefusesNoRequest() {
        company.breakNext();

        assertThat(download(access(), session()).status()).isEqualTo(200);
    }

    @Test
    void wrongClientSecretGives500UntilItsFileIsCorrect(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("client-secret"), "wrong\n");
        try (Stage cut = stage(company, Map.of(AUTH + "access-token.client-secret-file", file.toString(),
                AUTH + "access-token.client-secret", ""))) {
            String access = access();
            String session = session();
            assertUnavailable(download(cut, access, session));

            Files.writeString(file, TestIssuer.CLIENT_SECRET + "\n");

            await().until(() -> download(cut, access, session).status() == 200);
        }
    }

    /** {@code TokenVerifierTest} counts the calls while the circuit is open. */
    @Test
    void issuerThatIsDownGives500UntilItIsBack() {
        company.down(true);
        for (int i = 0; i < 30; i++) {
            assertUnavailable(download("down-" + i, session()));
        }

        company.down(false);
        await().until(() -> download(access(), session()).status() == 200);
    }

    private static void assertUnavailable(Answer answer) {
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text()).isEqualTo(BUSINESS_FAILURE);
    }
}
