package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.Cookie;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;

/** Logins that wait for their users to return from the provider. */
class PendingLoginsTest {

    private final PendingLogins logins = new PendingLogins();

    private Cookie start(String state) {
        MockHttpServletResponse response = new MockHttpServletResponse();
        logins.saveAuthorizationRequest(OAuth2AuthorizationRequest.authorizationCode().state(state)
                .authorizationUri("https://login.example.com/authorize").clientId("filestream").build(),
                new MockHttpServletRequest(), response);
        return response.getCookies()[0];
    }

    private static MockHttpServletRequest back(String state, Cookie... cookies) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setParameter("state", state);
        request.setCookies(cookies);
        return request;
    }

    @Test
    void loginThatComesBackIsTheOneThatStartedAndIsReadOnce() {
        MockHttpServletRequest back = back("the-state", start("the-state"));

        assertThat(logins.loadAuthorizationRequest(back).getState()).isEqualTo("the-state");
        assertThat(logins.removeAuthorizationRequest(back, new MockHttpServletResponse())).isNotNull();
        assertThat(logins.removeAuthorizationRequest(back, new MockHttpServletResponse())).isNull();
    }

    /** Otherwise somebody could log in another's browser under their own name. */
    @Test
    void loginOfAnotherBrowserIsRefused() {
        Cookie started = start("the-state");

        assertThat(logins.loadAuthorizationRequest(back("guessed", started))).isNull();
        assertThat(logins.loadAuthorizationRequest(back("the-state"))).isNull();
        assertThat(logins.loadAuthorizationRequest(back("the-state", start("another")))).isNull();
    }

    @Test
    void strangersWhoStartLoginsTakeABoundedAmountOfMemory() {
        List<Cookie> started = IntStream.range(0, 5_000).mapToObj(login -> start("state-" + login)).toList();

        assertThat(started)
                .filteredOn(login -> logins.loadAuthorizationRequest(
                        back(login.getName().replace("filestream-login-", ""), login)) != null)
                .hasSizeBetween(1, PendingLogins.MOST);
    }
}
