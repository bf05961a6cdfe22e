package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.headers;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.UNAUTHORIZED;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.util.Base64URL;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Stages;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Contract sections 2 and 6: the three credentials; whatever is wrong with them, the response is the same 401.
 * {@code Api} compares its headers with the interface description.
 */
@Stages.Concurrent
class CredentialsContractTest {

    private static final String ACCESS = TestTokens.access().sign();
    private static final String SESSION = TestTokens.session().sign();

    private static Api api() {
        return Stages.s3().api();
    }

    private static Answer download(String... headers) {
        return api().download(request("standard", "hello.txt"), headers);
    }

    private static void assertUnauthorized(Answer answer) {
        assertThat(answer.text()).isEqualTo(UNAUTHORIZED);
        assertThat(answer.status()).isEqualTo(401);
    }

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/tokens/wrong-headers.csv", delimiter = '|')
    void headerThatIsAbsentRepeatedOrWrongGives401(String what, String headers) {
        assertUnauthorized(download(Stream.ofNullable(headers).flatMap(all -> Stream.of(all.split("; ")))
                .flatMap(header -> Stream.of(header.split(": ", 2)))
                .map(text -> text.equals("S") ? SESSION : text.replace("Bearer A", "Bearer " + ACCESS))
                .toArray(String[]::new)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer %s", "bearer %s", "BEARER %s", "BeArEr %s"})
    void schemeBearerIsAcceptedInAnyCase(String form) {
        assertThat(download("ccmessaging-token", SESSION, "x-app-key", "demo-app", "Authorization",
                form.formatted(ACCESS)).header("resultCode")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "%s", "Bearer  %s", "Bearer\t%s", "Bearer:%s", "Basic %s",
        "Token %s", "Bearer %s x", "Bearer %s,Bearer %s", "Bearer \"%s\"", "Bearer x", "Bearer a.b.c", "Bearer ..",
        "Bearer%s"})
    void authorizationThatIsMalformedGives401(String form) {
        assertUnauthorized(download("ccmessaging-token", SESSION, "x-app-key", "demo-app", "Authorization",
                form.replace("%s", ACCESS)));
    }

    /** {@code TokenFuzzTest} has those with odd claims, headers, algorithms and JSON. */
    static Stream<Arguments> tokensThatDoNotHold() {
        return Stream.of(
                both("expired 31 s ago", token -> token.expiring(-31).sign()),
                both("alg none", TestTokens::unsigned),
                both("another key", token -> token.sign("x".repeat(40))),
                both("tampered claims", token -> tampered(token.sign())),
                both("signature cut off", token -> token.sign().replaceFirst(".{4}$", "")),
                both("no signature", token -> token.sign().replaceFirst("[^.]+$", "")),
                both("another issuer", token -> token.with(c -> c.issuer("someone")).sign()),
                arguments("issued to another app", TestTokens.access().with(c -> c.subject("other-app")).sign(),
                        TestTokens.session().claim("azp", "other-app").sign()),
                arguments("issued to no app", TestTokens.access().with(c -> c.subject(null)).sign(),
                        TestTokens.session().claim("azp", null).sign()),
                arguments("the other kind", SESSION, ACCESS),
                arguments("garbage", "garbage", "garbage"));
    }

    private static Arguments both(String what, Function<TestTokens, String> made) {
        return arguments(what, made.apply(TestTokens.access()), made.apply(TestTokens.session()));
    }

    private static String tampered(String token) {
        String[] parts = token.split("\\.");
        String claims = new Base64URL(parts[1]).decodeToString().replace("demo", "demi");
        return parts[0] + "." + Base64URL.encode(claims) + "." + parts[2];
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tokensThatDoNotHold")
    void tokenThatDoesNotHoldGives401(String what, String accessToken, String sessionToken) {
        assertUnauthorized(download(credentials(accessToken, SESSION)));
        assertUnauthorized(download(credentials(ACCESS, sessionToken)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not json", "{\"channel\":\"APP\"}", "{}"})
    void unauthenticatedRequestLearnsNothingBut401WhateverItsBody(String body) {
        assertUnauthorized(api().download(body, headers()));
        assertUnauthorized(api().download(body, credentials(ACCESS, "wrong")));
    }
}
