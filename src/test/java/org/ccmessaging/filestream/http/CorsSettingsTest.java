package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which origins an operator may list: exactly those that a browser could send. */
class CorsSettingsTest {

    private static final String EXACT = "expected exact origins, such as https://chat.example.com";

    @ParameterizedTest
    @ValueSource(strings = {"https://chat.example.com", "http://localhost", "http://127.0.0.1:5173",
        "http://[::1]:8080", "https://chat.example.com:8443", "https://chat.example.com:80",
        "http://chat.example.com:443",
        "https://xn--bcher-kva.example", "https://a_b.example", "capacitor://localhost"})
    void originThatABrowserSendsIsListed(String origin) {
        assertThat(new CorsSettings(Set.of(origin)).allowedOrigins()).containsExactly(origin);
    }

    @ParameterizedTest
    @CsvSource({"https://chat.example.com/,https://chat.example.com",
        "HTTPS://chat.example.com,https://chat.example.com",
        "https://Chat.Example.com,https://chat.example.com", "https://chat.example.com:443,https://chat.example.com",
        "http://chat.example.com:80,http://chat.example.com",
        "https://chat.example.com/index.html?a=b#c,https://chat.example.com",
        "https://chat.example.com:0443,https://chat.example.com"})
    void originThatIsWrittenInAnotherWayIsRefusedWithTheRightOne(String origin, String right) {
        assertThatThrownBy(() -> new CorsSettings(Set.of(origin))).isInstanceOf(InvalidSettingException.class)
                .hasMessage("filestream.cors.allowed-origins = \"" + origin + "\": expected " + right + ", as browsers"
                        + " send it: without path, slash at the end or the scheme's own port, and in lower case");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "https://*.example.com", "https://chat.example.com:*"})
    void originThatStandsForSeveralIsRefused(String origin) {
        assertThatThrownBy(() -> new CorsSettings(Set.of(origin))).isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(EXACT).hasMessageContaining("credentials are headers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "chat.example.com", "//chat.example.com", "https://", "https:chat.example.com",
        "file://", "https://b\u00fccher.example", "https://a b.example", "about:blank", "data:text/html",
        "https://chat.example.com:99999999999", "regex:.*"})
    void whatIsNoOriginIsRefused(String text) {
        assertThatThrownBy(() -> new CorsSettings(Set.of(text))).isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(EXACT);
    }

    @Test
    void userAndPasswordOfAnAddressAreNotRepeated() {
        assertThatThrownBy(() -> new CorsSettings(Set.of("https://alice:secret@chat.example.com")))
                .isInstanceOf(InvalidSettingException.class).hasMessageNotContaining("secret");
    }

    @Test
    void nothingAndBlankEntriesListNone() {
        assertThat(new CorsSettings(null).allowedOrigins()).isEmpty();
        assertThat(new CorsSettings(new LinkedHashSet<>(List.of("", " "))).allowedOrigins()).isEmpty();
    }
}
