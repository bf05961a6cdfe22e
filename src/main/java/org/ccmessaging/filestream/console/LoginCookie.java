package org.ccmessaging.filestream.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.crypto.encrypt.BytesEncryptor;
import org.springframework.security.crypto.encrypt.Encryptors;
import org.springframework.security.crypto.keygen.KeyGenerators;
import org.springframework.security.jackson2.SecurityJackson2Modules;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.web.util.WebUtils;

/**
 * Keeps what an OpenID Connect login must remember while the user is at the provider: in an encrypted cookie of the
 * browser. Spring Security would keep it in a session, so everybody who starts a login could make the service keep one
 * (decision 0020).
 */
final class LoginCookie implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {

    private static final String NAME = "filestream-login";

    /** Where the provider sends the user back to. No other path gets the cookie. */
    private static final String PATH = "/login/oauth2";

    /** Longest time at the provider. */
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final int KEY_BYTES = 32;
    private static final int SALT_BYTES = 8;

    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper()
            .registerModules(SecurityJackson2Modules.getModules(LoginCookie.class.getClassLoader()));

    /** AES-GCM, with a key that ends with the process, as sessions do. */
    private final BytesEncryptor encryptor = Encryptors.stronger(random(KEY_BYTES), random(SALT_BYTES));

    LoginCookie(Clock clock) {
        this.clock = clock;
    }

    private static String random(int bytes) {
        return HexFormat.of().formatHex(KeyGenerators.secureRandom(bytes).generateKey());
    }

    /**
     * The plain text of the cookie.
     *
     * @param started when the login started, in milliseconds since 1970
     * @param request what to compare the provider's response with
     */
    record Login(long started, OAuth2AuthorizationRequest request) {
    }

    @Override
    public OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
        String state = request.getParameter(OAuth2ParameterNames.STATE);
        Cookie cookie = WebUtils.getCookie(request, NAME);
        Login login = state == null || cookie == null ? null : read(cookie.getValue());
        boolean valid = login != null && state.equals(login.request().getState())
                && clock.millis() - login.started() <= LIFETIME.toMillis();
        return valid ? login.request() : null;
    }

    @Override
    public void saveAuthorizationRequest(
            OAuth2AuthorizationRequest login, HttpServletRequest request, HttpServletResponse response) {
        if (login == null) {
            write("", Duration.ZERO, request, response);
        } else {
            write(text(new Login(clock.millis(), login)), LIFETIME, request, response);
        }
    }

    @Override
    public OAuth2AuthorizationRequest removeAuthorizationRequest(
            HttpServletRequest request, HttpServletResponse response) {
        OAuth2AuthorizationRequest login = loadAuthorizationRequest(request);
        saveAuthorizationRequest(null, request, response);
        return login;
    }

    private static void write(
            String value, Duration lifetime, HttpServletRequest request, HttpServletResponse response) {
        // Lax, because the provider's page sends the user back.
        response.addHeader(HttpHeaders.SET_COOKIE, ResponseCookie.from(NAME, value).path(PATH).maxAge(lifetime)
                .httpOnly(true).secure(request.isSecure()).sameSite("Lax").build().toString());
    }

    private String text(Login login) {
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(
                    encryptor.encrypt(json.writeValueAsBytes(login)));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** @return {@code null} if this process has not written the text */
    private Login read(String text) {
        try {
            return json.readValue(encryptor.decrypt(Base64.getUrlDecoder().decode(text)), Login.class);
        } catch (IOException | RuntimeException foreign) {
            return null;
        }
    }
}
