package org.ccmessaging.filestream.console;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.web.util.WebUtils;

/**
 * Stores the request of an OpenID Connect login while the user is at the provider. Spring Security would create a
 * session for everybody who starts a login (decision 0010).
 */
final class PendingLogins implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {

    private static final String COOKIE = "filestream-login";

    /** Path that the provider redirects the user to. No other path gets the cookie. */
    private static final String PATH = "/login/oauth2";

    static final Duration LIFETIME = Duration.ofMinutes(10);

    /** Each takes some 2 KB. */
    static final int MOST = 1_000;

    private final Cache<String, OAuth2AuthorizationRequest> byState;

    PendingLogins(Ticker ticker) {
        byState = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LIFETIME).ticker(ticker)
                .executor(Runnable::run).build();
    }

    @Override
    public OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
        String state = request.getParameter(OAuth2ParameterNames.STATE);
        Cookie cookie = WebUtils.getCookie(request, COOKIE);
        return state != null && cookie != null && cookie.getValue().equals(state) ? byState.getIfPresent(state) : null;
    }

    @Override
    public void saveAuthorizationRequest(
            OAuth2AuthorizationRequest login, HttpServletRequest request, HttpServletResponse response) {
        if (login != null) {
            byState.put(login.getState(), login);
        }
        // Lax, because the provider's page redirects the user back.
        response.addHeader(HttpHeaders.SET_COOKIE, ResponseCookie.from(COOKIE, login == null ? "" : login.getState())
                .path(PATH).maxAge(login == null ? Duration.ZERO : LIFETIME).httpOnly(true).secure(request.isSecure())
                .sameSite("Lax").build().toString());
    }

    @Override
    public OAuth2AuthorizationRequest removeAuthorizationRequest(
            HttpServletRequest request, HttpServletResponse response) {
        OAuth2AuthorizationRequest login = loadAuthorizationRequest(request);
        if (login != null) {
            byState.invalidate(login.getState());
        }
        saveAuthorizationRequest(null, request, response);
        return login;
    }
}
