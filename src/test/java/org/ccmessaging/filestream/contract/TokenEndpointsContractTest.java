package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.APPLY_TOKEN;
import static org.ccmessaging.filestream.support.Api.TOKEN_BY_AK_SK;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.headers;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BAD_REQUEST_HEAD;
import static org.ccmessaging.filestream.support.Outcomes.UNAUTHORIZED;
import static org.ccmessaging.filestream.support.Outcomes.wrongField;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.Stages;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Contract section 5: tokenByAkSk, applyToken and the renewal of a session in use. {@code CrossOriginContractTest}
 * switches both operations off, and {@code TokenVerifierTest} has when a token is renewed.
 */
@ExtendWith(Stages.class)
@Execution(ExecutionMode.CONCURRENT)
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

    private static JWTClaimsSet claims(String token) {
        try {
            return SignedJWT.parse(token).getJWTClaimsSet();
        } catch (ParseException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void tokenByAkSkHasTheDocumentedResponse() {
        Answer answer = tokenByAkSk(PAIR);
        JsonNode json = answer.json();
        JWTClaimsSet claims = claims(json.get("AccessToken").asText());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(names(json)).containsExactly("AccessToken", "ApplyType", "CreateTime", "Expires", "Scope", "AppKey",
                "UserID");
        assertThat(json.get("ApplyType").asText()).isEqualTo("Bearer");
        assertThat(json.get("Expires").asText()).isEqualTo("600");
        assertThat(json.get("AppKey").asText()).isEqualTo("demo-app");
        assertThat(json.get("UserID").asText()).isEqualTo("Anonymous");
        assertThat(json.findValues("Expires")).allMatch(JsonNode::isTextual);
        assertThat(json.get("CreateTime").asText()).isEqualTo(seconds(claims.getIssueTime()));
        assertThat(claims.getAudience()).containsExactly("apiaccess");
        assertThat(claims.getSubject()).isEqualTo("demo-app");
        assertThat(claims.getIssuer()).isEqualTo("ccmessaging-filestream");
        assertThat(claims.getExpirationTime()).isEqualTo(
                Date.from(claims.getIssueTime().toInstant().plusSeconds(600)));
    }

    private static String seconds(Date date) {
        return Long.toString(date.toInstant().getEpochSecond());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "60", "3600"})
    void clientChoosesTheLifetime(String seconds) {
        JsonNode json = tokenByAkSk(PAIR, "X-Token-Expire", seconds).json();
        JWTClaimsSet claims = claims(json.get("AccessToken").asText());

        assertThat(json.get("Expires").asText()).isEqualTo(seconds);
        assertThat(claims.getExpirationTime().getTime() - claims.getIssueTime().getTime())
                .isEqualTo(Long.parseLong(seconds) * 1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "3601", "99999", "1.5", "ten", "600 ", "99999999999999999999"})
    void lifetimeOutsideItsRangeGives400(String seconds) {
        Answer answer = tokenByAkSk(PAIR, "X-Token-Expire", seconds.equals("600 ") ? "6 00" : seconds);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("exceptionInfo").asText()).endsWith(
                "Header X-Token-Expire: a whole number of seconds from 1 to 3600 is expected.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"app_key\":\"demo-app\",\"app_secret\":\"wrong\"}",
        "{\"app_key\":\"demo-app\",\"app_secret\":\"\"}", "{\"app_key\":\"demo-app\",\"app_secret\":\"demo-secret \"}",
        "{\"app_key\":\"nobody\",\"app_secret\":\"demo-secret\"}", "{\"app_key\":\"nobody\",\"app_secret\":\"\"}",
        "{\"app_key\":\"\",\"app_secret\":\"\"}"})
    void wrongPairGives401(String body) {
        Answer answer = tokenByAkSk(body);

        assertThat(answer.text()).isEqualTo(UNAUTHORIZED);
        assertThat(answer.status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "[]", "null", "{}", "{\"app_key\":\"demo-app\"}",
        "{\"app_secret\":\"demo-secret\"}", "{\"app_key\":1,\"app_secret\":\"demo-secret\"}"})
    void malformedBodyOfTokenByAkSkGives400(String body) {
        Answer answer = tokenByAkSk(body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).startsWith(BAD_REQUEST_HEAD);
    }

    @Test
    void applyTokenHasTheDocumentedResponse() {
        Answer answer = applyToken(USER, app(TestTokens.access().sign()));
        JWTClaimsSet claims = claims(answer.json().get("token").asText());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(names(answer.json())).containsExactly("resultCode", "token");
        assertThat(answer.json().get("resultCode").asText()).isEqualTo("0");
        assertThat(claims.getAudience()).containsExactly("ccmessaging");
        assertThat(claims.getSubject()).isEqualTo("alice");
        assertThat(claims.getClaims()).containsAllEntriesOf(Map.of("tenantId", "demo", "channelId", "web-1",
                "userId", "alice", "azp", "demo-app", "iss", "ccmessaging-filestream"));
        assertThat(claims.getExpirationTime().getTime() - claims.getIssueTime().getTime()).isEqualTo(3_600_000);
    }

    @ParameterizedTest
    @CsvSource({".*, {}, userId is mandatory", "\"alice\", null, userId is mandatory",
        "alice, ' ', userId is mandatory", "alice, 33, 'userId has 33 characters, at most 32 are allowed'",
        "Alice, '', userName is mandatory", "Alice, 129, 'userName has 129 characters, at most 128 are allowed'",
        "\"web-1\", null, channelId is mandatory", "\"en\", null, locale is mandatory"})
    void missingOrOverlongFieldGivesResultCode1(String text, String instead, String what) {
        String value = instead.matches("\\d+") ? "x".repeat(Integer.parseInt(instead)) : instead;
        Answer answer = applyToken(USER.replaceFirst(text, value), app(TestTokens.access().sign()));

        assertThat(answer.text()).isEqualTo(wrongField(what));
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void userIdOf32CharactersIsAcceptedHoweverManyBytesTheyTake() {
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
            assertThat(answer.status()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello.txt", "large.bin", "empty.txt"})
    void sessionInUseThatNearsItsEndGetsAFreshToken(String name) {
        Answer answer = Stages.s3().api().download(request("standard", name),
                credentials(TestTokens.session().expiring(800)));
        JWTClaimsSet fresh = claims(answer.header("ccmessaging-token"));

        assertThat(fresh.getExpirationTime().getTime() - fresh.getIssueTime().getTime()).isEqualTo(3_600_000);
        assertThat(fresh.getClaims()).containsAllEntriesOf(Map.of("tenantId", "demo", "channelId", "web-1",
                "userId", "alice", "azp", "demo-app", "iss", "ccmessaging-filestream", "sub", "alice"));
        assertThat(Stages.s3().api().download(request("standard", "hello.txt"), credentials(
                TestTokens.access().sign(), answer.header("ccmessaging-token"))).file()).isEqualTo(Stage.content(100));
    }
}
