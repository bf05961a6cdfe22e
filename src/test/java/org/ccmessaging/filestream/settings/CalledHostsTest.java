package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalledHostsTest {

    private static final String KEY = "filestream.routes.credentials.scanner";

    private static CalledHosts.Credentials of(String username, String password, String token) {
        return new CalledHosts.Credentials("scanner.example.com", username,
                password == null ? null : new Secret(password), token == null ? null : new Secret(token));
    }

    @ParameterizedTest
    @CsvSource({",,", "user,,", ",password,", "user,,token", "user,password,token", "us:er,password,", ",,to ken",
        ",password,token"})
    void incompleteLoginIsRefusedWithoutASecretInTheMessage(String username, String password, String token) {
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> of(username, password, token).check(KEY))
                .withMessageStartingWith(KEY + ".").withMessageNotContaining("= \"password\"")
                .withMessageNotContaining("to ken");
    }

    @Test
    void loginIsAHeaderOfItsScheme() {
        of("user", "pass:word", null).check(KEY);
        of(" ", "", "token").check(KEY);

        assertThat(of("user", "pass:word", null).authorization()).isEqualTo("Basic dXNlcjpwYXNzOndvcmQ=");
        assertThat(of(" ", "", "token").authorization()).isEqualTo("Bearer token");
        assertThat(of("user", "pass:word", null).toString()).doesNotContain("pass:word");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://scanner", "scanner/path", "scanner:port", "user@scanner", "*.example.com",
        "::1", "scanner:", "scanner example"})
    void hostIsAHostOrAHostWithItsPort(String entry) {
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> CalledHosts.check("filestream.routes.hosts", entry));
    }

    @ParameterizedTest
    @CsvSource({"scanner, 80, true", "SCANNER, 8000, true", "hooks, 443, true", "hooks, 80, false", "::1, 8000, true",
        "[::1], 8000, true", "[::1], 80, false", "scanner.example.com, 80, false", "10.0.0.1, 80, false"})
    void hostWithoutAPortStandsForAllOfItsPorts(String host, int port, boolean listed) {
        List<String> entries = List.of("Scanner", "hooks:443", "[::1]:8000");
        entries.forEach(entry -> CalledHosts.check("filestream.routes.hosts", entry));

        assertThat(new CalledHosts(entries).allows(host, port)).isEqualTo(listed);
    }
}
