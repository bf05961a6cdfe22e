package org.ccmessaging.filestream.console;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
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
 * Stores OpenID Connect logins in progress. Spring Security's own class would create a session as soon as a login
 * starts (decision 0010). A cookie binds a login to the browser that started the login.
 */
final class PendingLogins implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {

    private static final Duration LIFETIME = Duration.ofMinutes(10);

    /** Maximum number of stored logins. A login takes about 2 KB. */
    static final int MOST = 1_000;

    private final Cache<String, OAuth2AuthorizationRequest> byState =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LIFETIME).executor(Runnable::run).build();

    @Override
    public OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
        String state = request.getParameter(OAuth2ParameterNames.STATE);
        return state != null && WebUtils.getCookie(request, cookie(state)) != null ? byState.getIfPresent(state) : null;
    }

    @Override
    public void saveAuthorizationRequest(
            OAuth2AuthorizationRequest login, HttpServletRequest request, HttpServletResponse response) {
        byState.put(login.getState(), login);
        setCookie(login, LIFETIME, request, response);
    }

    @Override
    public OAuth2AuthorizationRequest removeAuthorizationRequest(
            HttpServletRequest request, HttpServletResponse response) {
        OAuth2AuthorizationRequest login = loadAuthorizationRequest(request);
        if (login == null) {
            return null;
        }
        setCookie(login, Duration.ZERO, request, response);
        return byState.asMap().remove(login.getState());
    }

    /** Returns the name of a cookie for one login, so that logins in two tabs of a browser keep their cookies. */
    private static String cookie(String state) {
        // Names of cookies contain no padding of Base64.
        return "filestream-login-" + state.replace("=", "");
    }

    private static void setCookie(OAuth2AuthorizationRequest login, Duration age, HttpServletRequest request,
            HttpServletResponse response) {
        // Browsers would not send a SameSite=Strict cookie after the redirect from the provider's site.
        response.addHeader(HttpHeaders.SET_COOKIE, ResponseCookie.from(cookie(login.getState()), "1")
                .path("/login/oauth2").maxAge(age).httpOnly(true).secure(request.isSecure()).sameSite("Lax").build()
                .toString());
    }
}
