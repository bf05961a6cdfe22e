package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.UNAUTHORIZED;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stages;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ClassPathResource;

/**
 * Contract section 6: tokens that are signed with the right key, and whose header or claims are odd. None is accepted,
 * and none is a failure of the service. The log of a service is quiet in tests but for warnings and errors, so a stack
 * trace would show.
 */
@ExtendWith(Stages.class)
@Execution(ExecutionMode.CONCURRENT)
class OddTokensContractTest {

    private static final String HS256 = "{\"alg\":\"HS256\"}";

    /** Claims by name, each as JSON writes it. */
    private static Map<String, String> claims(String audience) {
        long now = Instant.now().getEpochSecond();
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put("iss", "\"" + TestTokens.ISSUER + "\"");
        claims.put("aud", "\"" + audience + "\"");
        claims.put("sub", "\"" + (audience.equals("apiaccess") ? TestTokens.APP_KEY : "alice") + "\"");
        claims.put("tenantId", "\"demo\"");
        claims.put("channelId", "\"web-1\"");
        claims.put("userId", "\"alice\"");
        claims.put("azp", "\"" + TestTokens.APP_KEY + "\"");
        claims.put("iat", Long.toString(now));
        claims.put("exp", Long.toString(now + 600));
        return claims;
    }

    private static String json(Map<String, String> claims) {
        StringBuilder json = new StringBuilder();
        claims.forEach((name, value) -> json.append(json.isEmpty() ? "{" : ",").append('"').append(name)
                .append("\":").append(value));
        return json.append('}').toString();
    }

    private static String sign(String header, String payload) {
        try {
            String signed = Base64URL.encode(header) + "." + Base64URL.encode(payload);
            return signed + "." + new MACSigner(Service.SIGNING_KEY.getBytes(StandardCharsets.UTF_8))
                    .sign(new JWSHeader(JWSAlgorithm.HS256), signed.getBytes(StandardCharsets.UTF_8));
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Stream<Arguments> claim(String name, String... values) {
        return Stream.of(values).map(value -> Arguments.of(HS256, "\"" + name + "\":" + value));
    }

    private static Stream<Arguments> headers(String... headers) {
        return Stream.of(headers).map(header -> Arguments.of(header, ""));
    }

    /** The lines of a file; one of them is empty. */
    private static String[] listed(String name) {
        try {
            return new ClassPathResource("tokens/" + name + ".txt").getContentAsString(StandardCharsets.UTF_8)
                    .lines().toArray(String[]::new);
        } catch (IOException absent) {
            throw new UncheckedIOException(absent);
        }
    }

    /** A header, and a claim that takes the place of the one with its name; {@code ""} for none. */
    static Stream<Arguments> oddTokens() {
        String[] noTimes = {"null", "\"\"", "\"soon\"", "\"9999999999\"", "true", "[]", "[9999999999]", "{}", "1e300",
            "-1e300", "1e400", "9223372036854775807", "99999999999999999999999", "31556889864403200",
            "-31556889864403200"};
        return Stream.of(
                claim("exp", noTimes), claim("exp", "0", "-1", "1", "1.5", "-0.0", "1e3"),
                claim("nbf", noTimes).filter(token -> !token.get()[1].equals("\"nbf\":null")
                        && !token.get()[1].toString().contains("-")),
                claim("nbf", "9999999999", "9999999999.5", "1e10"),
                claim("iat", noTimes).filter(token -> !token.get()[1].equals("\"iat\":null")),
                claim("iat", "9999999999", "1e10"),
                claim("aud", "null", "\"\"", "[]", "{}", "1", "true", "[1]", "[null]", "[[\"apiaccess\"]]",
                        "[\"apiaccess\",\"ccmessaging\"]", "[\"APIACCESS\"]", "\"apiaccess ccmessaging\"",
                        "\"apiaccess,ccmessaging\"", "[\"apiaccess\",1,\"ccmessaging\"]", "{\"0\":\"apiaccess\"}"),
                claim("iss", "null", "\"\"", "1", "true", "[]", "[\"ccmessaging-filestream\"]", "{}",
                        "\"ccmessaging-filestream \"", "\"CCMESSAGING-FILESTREAM\"", "\"http://%zz\""),
                headers(listed("odd-headers")),
                headers("{\"alg\":\"HS256\",\"a\":" + "[".repeat(3_000) + "]".repeat(3_000) + "}"))
                .flatMap(tokens -> tokens);
    }

    private static String token(String audience, String header, String claim) {
        Map<String, String> claims = claims(audience);
        if (!claim.isEmpty()) {
            int end = claim.indexOf("\":");
            claims.put(claim.substring(1, end), claim.substring(end + 2));
        }
        return sign(header, json(claims));
    }

    private static Answer download(String access, String session) {
        return Stages.s3().api().download(request("standard", "hello.txt"), credentials(access, session));
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.text()).isEqualTo(UNAUTHORIZED);
        assertThat(answer.status()).isEqualTo(401);
    }

    @ParameterizedTest
    @MethodSource("oddTokens")
    void oddTokenGives401(String header, String claim) {
        assertRefused(download(token("apiaccess", header, claim), token("ccmessaging", HS256, "")));
        assertRefused(download(token("apiaccess", HS256, ""), token("ccmessaging", header, claim)));
    }

    static Stream<String> oddPayloads() {
        Map<String, String> access = claims("apiaccess");
        String good = json(access);
        String open = good.substring(0, good.length() - 1);
        return Stream.of("", "null", "[]", "1", "\"\"", "x", open, good + "x", good + good, "\ufeff" + good,
                open + ",\"exp\":9999999999}", open + ",\"aud\":\"apiaccess\"}", open + ",\"sub\":\"demo-app\"}",
                open + ",\"a\":1,\"a\":1}", open + ",\"a\":" + "[".repeat(3_000) + "]".repeat(3_000) + "}",
                open + ",\"a\":" + "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000) + "}",
                open + ",\"a\":NaN}", open + ",\"a\":Infinity}", good.replace("\"", "'"),
                good.replace("\"demo-app\"", "\"demo-app\\u0000\""), good.replace("\"demo-app\"", "[\"demo-app\"]"),
                good.replace("\"demo-app\"", "null"), good.replace("\"demo-app\"", "{}"));
    }

    @ParameterizedTest
    @MethodSource("oddPayloads")
    void oddPayloadGives401(String payload) {
        assertRefused(download(sign(HS256, payload), token("ccmessaging", HS256, "")));
    }

    /** Otherwise the tests above would prove nothing. */
    @Test
    void tokenThatIsNotOddIsAccepted() {
        for (String header : new String[] {HS256, "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
            "{\"alg\":\"HS256\",\"typ\":\"jwt\",\"kid\":\"1\",\"other\":{\"a\":[1]}}"}) {
            for (String claim : new String[] {"", "\"nbf\":0", "\"nbf\":1.5", "\"aud\":[\"AUDIENCE\",\"other\"]",
                "\"other\":[null,{}]"}) {
                Answer answer = download(token("apiaccess", header, claim.replace("AUDIENCE", "apiaccess")),
                        token("ccmessaging", header, claim.replace("AUDIENCE", "ccmessaging")));

                assertThat(answer.status()).as(header + claim).isEqualTo(200);
                assertThat(answer.header("resultCode")).isEqualTo("0");
            }
        }
    }
}
