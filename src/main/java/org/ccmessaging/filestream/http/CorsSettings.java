package org.ccmessaging.filestream.http;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.auth.ClientRequest;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Lets pages of listed origins call the API from a browser (contract section 8). The entries {@code *}
 * and {@code null} are refused. Entry {@code *} would let any page use stolen credentials, and entry {@code null} any
 * local file or sandboxed frame.
 *
 * @param allowedOrigins origins as browsers send them (RFC 6454 section 6.2), such as {@code https://chat.example.com};
 *     empty for none
 */
@ConfigurationProperties(prefix = "filestream.cors", ignoreUnknownFields = false)
public record CorsSettings(@DefaultValue Set<String> allowedOrigins) {

    private static final Pattern ORIGIN = Pattern.compile(
            "(?!http://.*:80$|https://.*:443$)[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");

    private static final String REQUEST_HEADERS = String.join(", ", ClientRequest.SESSION_TOKEN, ClientRequest.APP_KEY,
            ClientRequest.AUTHORIZATION, "Content-Type", RequestId.HEADER, ClientRequest.TOKEN_EXPIRE);

    private static final String RESPONSE_HEADERS = String.join(", ", ClientRequest.SESSION_TOKEN, Headers.RESULT_CODE,
            Headers.RESULT_DESC, Headers.RETRY_AFTER, RequestId.HEADER);

    /** Maximum age of a preflight response in a browser's cache, in seconds. Chromium allows no more. */
    private static final String MAX_AGE = "7200";

    /** Request attribute: the request's origin, if the origin is allowed. */
    private static final String LISTED = CorsSettings.class.getName() + ".listed";

    /** @throws InvalidSettingException if an entry is not an exact origin */
    public CorsSettings {
        allowedOrigins = allowedOrigins.stream().filter(origin -> !origin.isBlank())
                .collect(Collectors.toUnmodifiableSet());
        for (String origin : allowedOrigins) {
            SettingChecks.refuseIf(!ORIGIN.matcher(origin).matches(), "filestream.cors.allowed-origins", origin,
                    "exact origins as browsers send them, such as https://chat.example.com: in lower case, without"
                            + " path, slash at the end or the scheme's default port; neither * nor null");
        }
    }

    void rememberOrigin(HttpServletRequest request) {
        String origin = allowedOrigins.isEmpty() ? null : ApiValve.single(request, "Origin");
        if (origin != null && allowedOrigins.contains(origin)) {
            request.setAttribute(LISTED, origin);
        }
    }

    static void addHeaders(ServletRequest request, HttpServletResponse response) {
        if (request.getAttribute(LISTED) instanceof String origin) {
            response.setHeader("Access-Control-Allow-Origin", origin);
            response.setHeader("Access-Control-Expose-Headers", RESPONSE_HEADERS);
            response.setHeader("Vary", "Origin");
        }
    }

    static boolean isPreflight(HttpServletRequest request) {
        return request.getAttribute(LISTED) != null && "OPTIONS".equals(request.getMethod())
                && ApiValve.single(request, "Access-Control-Request-Method") != null;
    }

    static void writePreflight(String methods, HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        response.setHeader("Access-Control-Allow-Methods", methods);
        response.setHeader("Access-Control-Allow-Headers", REQUEST_HEADERS);
        response.setHeader("Access-Control-Max-Age", MAX_AGE);
    }
}
