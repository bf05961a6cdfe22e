package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.Cookie;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.ccmessaging.filestream.support.HandClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;

/** What a browser keeps for a login at the provider: nobody else can read or write it. */
class LoginCookieTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final OAuth2AuthorizationRequest LOGIN = OAuth2AuthorizationRequest.authorizationCode()
            .authorizationUri("https://login.example.com/authorize").clientId("filestream").state("the-state")
            .redirectUri("https://console.example.com/login/oauth2/code/console").scope("openid")
            .attributes(Map.of("registration_id", "console", "nonce", "the-nonce"))
            .additionalParameters(Map.of("nonce", "hash-of-the-nonce")).build();

    private final LoginCookie cookie = at(NOW);

    private static LoginCookie at(Instant time) {
        return new LoginCookie(Clock.fixed(time, ZoneOffset.UTC));
    }

    private static Cookie written(LoginCookie by) {
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

        assertThat(cookie.removeAuthorizationRequest(back("the-state", written(cookie)), response)).isNotNull();
        assertThat(response.getCookie("filestream-login").getMaxAge()).isZero();
    }

    @Test
    void anotherStateIsAnotherLogin() {
        assertThat(cookie.loadAuthorizationRequest(back("guessed", written(cookie)))).isNull();
        assertThat(cookie.loadAuthorizationRequest(back("the-state"))).isNull();
    }

    @Test
    void cookieOfAnotherProcessIsNone() {
        assertThat(cookie.loadAuthorizationRequest(back("the-state", written(at(NOW))))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "%%%", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void textThatNobodyEncryptedIsNone(String text) {
        assertThat(cookie.loadAuthorizationRequest(back("the-state", new Cookie("filestream-login", text)))).isNull();
    }

    @Test
    void cookieThatSomebodyChangedIsNone() {
        Cookie changed = written(cookie);
        char first = changed.getValue().charAt(40);
        changed.setValue(changed.getValue().substring(0, 40) + (first == 'A' ? 'B' : 'A')
                + changed.getValue().substring(41));

        assertThat(cookie.loadAuthorizationRequest(back("the-state", changed))).isNull();
    }

    @Test
    void loginThatTakesLongerThanTenMinutesIsOver() {
        // A clock that moves, since the key is that of one object.
        HandClock clock = new HandClock();
        LoginCookie moving = new LoginCookie(clock);
        Cookie started = written(moving);

        clock.advance(LoginCookie.LIFETIME);
        assertThat(moving.loadAuthorizationRequest(back("the-state", started))).isNotNull();
        clock.advance(Duration.ofMillis(1));
        assertThat(moving.loadAuthorizationRequest(back("the-state", started))).isNull();
    }

    @Test
    void scriptsOtherPathsAndOtherSitesDoNotGetTheCookie() {
        MockHttpServletRequest tls = new MockHttpServletRequest();
        tls.setSecure(true);
        MockHttpServletResponse response = new MockHttpServletResponse();
        cookie.saveAuthorizationRequest(LOGIN, tls, response);

        assertThat(response.getHeader("Set-Cookie"))
                .contains("HttpOnly", "SameSite=Lax", "Secure", "Path=/login/oauth2", "Max-Age=600")
                .doesNotContain("state", "nonce").hasSizeLessThan(3_000);
    }
}
