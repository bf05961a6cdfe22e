package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator may list exactly the origins that a browser could send. */
class CorsSettingsTest {

    @ParameterizedTest
    @ValueSource(strings = {"https://chat.example.com", "http://localhost", "http://127.0.0.1:5173",
        "http://[::1]:8080", "https://chat.example.com:8443", "https://chat.example.com:80",
        "http://chat.example.com:443", "https://xn--bcher-kva.example", "https://a_b.example",
        "capacitor://localhost"})
    void originThatABrowserSendsIsListed(String origin) {
        assertThat(new CorsSettings(Set.of(origin)).allowedOrigins()).containsExactly(origin);
    }

    /** Spellings that no browser sends, patterns of several origins, and texts that are no origin. */
    @ParameterizedTest
    @ValueSource(strings = {"https://chat.example.com/", "HTTPS://chat.example.com", "https://Chat.example.com",
        "https://chat.example.com:443", "http://chat.example.com:80", "https://chat.example.com/index.html?a=b#c",
        "https://chat.example.com:0443", "*", "https://*.example.com", "https://chat.example.com:*", "null",
        "chat.example.com", "//chat.example.com", "https://", "https:chat.example.com", "file://",
        "https://b\u00fccher.example", "https://a b.example", "about:blank", "data:text/html",
        "https://chat.example.com:99999999999", "regex:.*", "https://alice:secret@chat.example.com"})
    void textThatIsNotTheOriginOfOneBrowserIsRefusedWithoutAPasswordInTheMessage(String origin) {
        assertThatThrownBy(() -> new CorsSettings(Set.of(origin))).isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("filestream.cors.allowed-origins = ").hasMessageNotContaining("secret")
                .hasMessageContaining("expected exact origins as browsers send them, such as https://chat.example.com");
    }
}
