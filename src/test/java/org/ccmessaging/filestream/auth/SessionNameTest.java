package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.Test;

/** What names a session before its token is verified. */
class SessionNameTest {

    private final SessionName names = new SessionName(ShippedSettings.of("filestream.auth", AuthSettings.class,
            Map.of("filestream.auth.signing-key", Service.SIGNING_KEY)));

    @Test
    void tokensOfTheSameAppAndCustomerNameTheSameSession() {
        Object first = names.of(TestTokens.session().sign());

        assertThat(names.of(TestTokens.session().expiring(60).claim("jti", "2").sign())).isEqualTo(first);
        for (String claim : new String[] {"azp", "tenantId", "channelId", "userId"}) {
            assertThat(names.of(TestTokens.session().claim(claim, "other").sign())).as(claim).isNotEqualTo(first);
        }
    }

    @Test
    void tokenOfAnotherKindNamesASessionOfItsOwn() {
        String unknown = TestTokens.session().with(claims -> claims.issuer("another")).sign();

        assertThat(names.of("opaque")).isEqualTo("opaque");
        assertThat(names.of(unknown)).isEqualTo(unknown);
        assertThat(names.of(null)).isNull();
    }

    /** Such a claim has a hash that takes a stack of its depth. */
    @Test
    void claimThatIsADeepObjectIsNoName() {
        String claims = "{\"iss\":\"" + TestTokens.ISSUER + "\",\"userId\":" + "[".repeat(500) + "]".repeat(500) + "}";
        String token = base64("{\"alg\":\"HS256\"}") + "." + base64(claims) + ".AAAA";

        assertThat(names.of(token)).asString().doesNotContain("[[");
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
