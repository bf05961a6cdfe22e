package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.APPLY_TOKEN;
import static org.ccmessaging.filestream.support.Api.TOKEN_BY_AK_SK;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.headers;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BAD_REQUEST_HEAD;
import static org.ccmessaging.filestream.support.Outcomes.UNAUTHORIZED;
import static org.ccmessaging.filestream.support.Outcomes.badRequest;
import static org.ccmessaging.filestream.support.Outcomes.wrongField;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.Stages;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Contract section 5: tokenByAkSk, applyToken and the renewal of a session in use. {@code CrossOriginContractTest}
 * switches both operations off, and {@code TokenVerifierTest} has when a token is renewed. {@code Api} compares
 * the status and the headers of each response with the interface description.
 */
@Stages.Concurrent
class TokenEndpointsContractTest {

    private static final String PAIR = "{\"app_key\":\"demo-app\",\"app_secret\":\"demo-secret\"}";
    private static final String USER =
            "{\"userId\":\"alice\",\"userName\":\"Alice\",\"channelId\":\"web-1\",\"locale\":\"en\"}";

    private static Answer tokenByAkSk(String body, String... headers) {
        return Stages.s3().api().post(TOKEN_BY_AK_SK, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static Answer applyToken(String body, String... headers) {
        return Stages.s3().api().post(APPLY_TOKEN, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static String[] app(String accessToken) {
        return headers("x-app-key", "demo-app", "Authorization", "Bearer " + accessToken);
    }

    private static JWTClaimsSet claims(String token) throws Exception {
        return SignedJWT.parse(token).getJWTClaimsSet();
    }

    private static long seconds(JWTClaimsSet claims) {
        return Duration.between(claims.getIssueTime().toInstant(), claims.getExpirationTime().toInstant()).toSeconds();
    }

    @Test
    void tokenByAkSkHasTheDocumentedResponse() throws Exception {
        Answer answer = tokenByAkSk(PAIR);
        String token = answer.json().get("AccessToken").asText();
        JWTClaimsSet claims = claims(token);

        assertThat(answer.text()).isEqualTo("""
                {"AccessToken":"%s","ApplyType":"Bearer","CreateTime":"%d","Expires":"600","Scope":"default",\
                "AppKey":"demo-app","UserID":"Anonymous"}""", token, claims.getIssueTime().getTime() / 1000);
        assertThat(claims.getAudience()).containsExactly("apiaccess");
        assertThat(claims.getSubject()).isEqualTo("demo-app");
        assertThat(claims.getIssuer()).isEqualTo("ccmessaging-filestream");
        assertThat(seconds(claims)).isEqualTo(600);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 60, 3600})
    void clientChoosesTheLifetime(long seconds) throws Exception {
        JsonNode json = tokenByAkSk(PAIR, "X-Token-Expire", Long.toString(seconds)).json();

        assertThat(json.get("Expires").asLong()).isEqualTo(seconds);
        assertThat(seconds(claims(json.get("AccessToken").asText()))).isEqualTo(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "3601", "99999", "1.5", "ten", "6 00", "99999999999999999999"})
    void lifetimeOutsideItsRangeGives400(String seconds) {
        assertThat(tokenByAkSk(PAIR, "X-Token-Expire", seconds).text()).isEqualTo(
                badRequest("Header X-Token-Expire: a whole number of seconds from 1 to 3600 is expected."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo-app:wrong", "demo-app:", "demo-app:demo-secret ", "nobody:demo-secret", "nobody:",
        ":"})
    void wrongPairGives401(String pair) {
        assertThat(tokenByAkSk("{\"app_key\":\"" + pair.replace(":", "\",\"app_secret\":\"") + "\"}").text())
                .isEqualTo(UNAUTHORIZED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "[]", "null", "{}", "{\"app_key\":\"demo-app\"}",
        "{\"app_secret\":\"demo-secret\"}", "{\"app_key\":1,\"app_secret\":\"demo-secret\"}"})
    void malformedBodyOfTokenByAkSkGives400(String body) {
        assertThat(tokenByAkSk(body).text()).startsWith(BAD_REQUEST_HEAD);
    }

    @Test
    void applyTokenHasTheDocumentedResponse() throws Exception {
        Answer answer = applyToken(USER, app(TestTokens.access().sign()));
        String token = answer.json().get("token").asText();

        assertThat(answer.text()).isEqualTo("{\"resultCode\":\"0\",\"token\":\"" + token + "\"}");
        assertSessionOfAlice(token);
    }

    private static void assertSessionOfAlice(String token) throws Exception {
        JWTClaimsSet claims = claims(token);
        assertThat(claims.getAudience()).containsExactly("ccmessaging");
        assertThat(claims.getClaims()).containsAllEntriesOf(Map.of("tenantId", "demo", "channelId", "web-1",
                "userId", "alice", "azp", "demo-app", "iss", "ccmessaging-filestream", "sub", "alice"));
        assertThat(seconds(claims)).isEqualTo(3600);
    }

    @ParameterizedTest
    @CsvSource({".*, {}, userId is mandatory", "\"alice\", null, userId is mandatory",
        "alice, ' ', userId is mandatory", "alice, 33, 'userId has 33 characters, at most 32 are allowed'",
        "Alice, '', userName is mandatory", "Alice, 129, 'userName has 129 characters, at most 128 are allowed'",
        "\"web-1\", null, channelId is mandatory", "\"en\", null, locale is mandatory"})
    void missingOrOverlongFieldGivesResultCode1(String text, String instead, String what) {
        String value = instead.matches("\\d+") ? "x".repeat(Integer.parseInt(instead)) : instead;

        assertThat(applyToken(USER.replaceFirst(text, value), app(TestTokens.access().sign())).text())
                .isEqualTo(wrongField(what));
    }

    @Test
    void userIdOf32CharactersIsAcceptedHoweverManyBytesTheyTake() throws Exception {
        for (String userId : new String[] {"a", "x".repeat(32), "é".repeat(32), "😀".repeat(32)}) {
            Answer answer = applyToken(USER.replace("alice", userId), app(TestTokens.access().sign()));

            assertThat(claims(answer.json().get("token").asText()).getSubject()).isEqualTo(userId);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "[]", "null", "{\"userId\":5}"})
    void malformedBodyOfApplyTokenGives400(String body) {
        assertThat(applyToken(body, app(TestTokens.access().sign())).status()).isEqualTo(400);
    }

    @Test
    void applyTokenWithoutTheAppsCredentialsGives401WhateverTheBody() {
        String access = TestTokens.access().sign();
        for (String[] headers : new String[][] {headers(), headers("x-app-key", "demo-app"),
            headers("Authorization", "Bearer " + access), headers("x-app-key", "other", "Authorization",
                "Bearer " + access), app(TestTokens.session().sign()), app(TestTokens.access().expiring(-31).sign()),
            headers("x-app-key", "gone", "Authorization",
                "Bearer " + TestTokens.access().with(c -> c.subject("gone")).sign())}) {
            Answer answer = applyToken(headers.length == 4 && headers[1].equals("gone") ? USER : "nonsense", headers);

            assertThat(answer.text()).as(Arrays.toString(headers)).isEqualTo(UNAUTHORIZED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello.txt", "large.bin", "empty.txt"})
    void sessionInUseThatNearsItsEndGetsAFreshToken(String name) throws Exception {
        Answer answer = Stages.s3().api().download(request("standard", name),
                credentials(TestTokens.session().expiring(800)));

        assertSessionOfAlice(answer.header("ccmessaging-token"));
        assertThat(Stages.s3().api().download(request("standard", "hello.txt"), credentials(
                TestTokens.access().sign(), answer.header("ccmessaging-token"))).file()).isEqualTo(Stage.content(100));
    }
}
