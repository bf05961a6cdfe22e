package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.Cookie;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;

/** Logins that wait for their users to return from the provider. */
class PendingLoginsTest {

    private static final OAuth2AuthorizationRequest LOGIN = OAuth2AuthorizationRequest.authorizationCode()
            .authorizationUri("https://login.example.com/authorize").clientId("filestream").state("the-state")
            .redirectUri("https://console.example.com/login/oauth2/code/console").scope("openid")
            .attributes(Map.of("registration_id", "console", "nonce", "the-nonce"))
            .additionalParameters(Map.of("nonce", "hash-of-the-nonce")).build();

    private final AtomicLong now = new AtomicLong();
    private final PendingLogins cookie = new PendingLogins(now::get);

    private static Cookie written(PendingLogins by) {
        MockHttpServletResponse response = new MockHttpServletResponse();
        by.saveAuthorizationRequest(LOGIN, new MockHttpServletRequest(), response);
        return response.getCookie("filestream-login");
    }

    private static MockHttpServletRequest back(String state, Cookie... cookies) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setParameter("state", state);
        request.setCookies(cookies);
        return request;
    }

    @Test
    void loginThatComesBackIsTheOneThatStarted() {
        OAuth2AuthorizationRequest found = cookie.loadAuthorizationRequest(back("the-state", written(cookie)));

        assertThat(found).usingRecursiveComparison().isEqualTo(LOGIN);
    }

    @Test
    void loginIsReadOnce() {
        MockHttpServletResponse response = new MockHttpServletResponse();

        Cookie started = written(cookie);

        assertThat(cookie.removeAuthorizationRequest(back("the-state", started), response)).isNotNull();
        assertThat(cookie.removeAuthorizationRequest(back("the-state", started), response)).isNull();
        assertThat(response.getCookie("filestream-login").getMaxAge()).isZero();
    }

    @Test
    void anotherStateIsAnotherLogin() {
        assertThat(cookie.loadAuthorizationRequest(back("guessed", written(cookie)))).isNull();
        assertThat(cookie.loadAuthorizationRequest(back("the-state"))).isNull();
    }

    /** Otherwise somebody could log in another's browser under their own name. */
    @Test
    void cookieOfAnotherProcessOrBrowserIsNone() {
        assertThat(cookie.loadAuthorizationRequest(back("the-state", written(new PendingLogins(now::get))))).isNull();
        written(cookie);
        assertThat(cookie.loadAuthorizationRequest(back("the-state", new Cookie("filestream-login", "x")))).isNull();
    }

    @Test
    void strangersWhoStartLoginsTakeABoundedAmountOfMemory() {
        for (int login = 0; login < 5_000; login++) {
            cookie.saveAuthorizationRequest(OAuth2AuthorizationRequest.from(LOGIN).state("state-" + login).build(),
                    new MockHttpServletRequest(), new MockHttpServletResponse());
        }

        assertThat(IntStream.range(0, 5_000).mapToObj(login -> "state-" + login)
                .map(state -> back(state, new Cookie("filestream-login", state)))
                .filter(back -> cookie.loadAuthorizationRequest(back) != null))
                .hasSizeLessThanOrEqualTo(PendingLogins.MOST);
    }

    @Test
    void loginThatTakesLongerThanTenMinutesIsOver() {
        Cookie started = written(cookie);

        now.set(PendingLogins.LIFETIME.toNanos() - 1);
        assertThat(cookie.loadAuthorizationRequest(back("the-state", started))).isNotNull();
        now.set(PendingLogins.LIFETIME.toNanos());
        assertThat(cookie.loadAuthorizationRequest(back("the-state", started))).isNull();
    }

    @Test
    void scriptsOtherPathsAndOtherSitesDoNotGetTheCookie() {
        MockHttpServletRequest tls = new MockHttpServletRequest();
        tls.setSecure(true);
        MockHttpServletResponse response = new MockHttpServletResponse();
        cookie.saveAuthorizationRequest(LOGIN, tls, response);

        assertThat(response.getHeader("Set-Cookie"))
                .contains("HttpOnly", "SameSite=Lax", "Secure", "Path=/login/oauth2", "Max-Age=600")
                .doesNotContain("nonce");
    }
}
