package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.DOWNLOAD;

import java.util.List;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.support.Stages;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Contract section 7: a response carries the client's X-Request-Id, or one that the service made. The interface
 * description requires one of every response, also to what is no HTTP ({@code HostileClientsTest}), and
 * {@code CrossOriginContractTest} shows the client's for each kind. {@code RequestIdTest} shows that made ones differ.
 */
@Stages.Concurrent
class RequestIdContractTest {

    private static final Pattern ID = Pattern.compile("\r\nX-Request-Id: ([^\r]*)\r\n");
    private static final String MADE = "[0-9a-f]{32}";

    private static List<String> ids(String bytes) {
        return ID.matcher(Stages.s3().api().raw(bytes)).results().map(found -> found.group(1)).toList();
    }

    private static String with(String headers) {
        return "POST " + DOWNLOAD + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n"
                + headers + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A.b_c-9", "-", "0af7651916cd43dd8448eb211c80319c",
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._"})
    void idOfTheClientComesBack(String id) {
        assertThat(ids(with("x-request-id: " + id + "\r\n"))).containsExactly(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Request-Id:\r\n", "X-Request-Id: a b\r\n", "X-Request-Id: a,b\r\n",
        "X-Request-Id: a/b\r\n", "X-Request-Id: ${jndi:ldap://x}\r\n", "X-Request-Id: \u001b[31mred\r\n",
        "X-Request-Id: \u00e4\r\n", "X-Request-Id: \"a\"\r\n", "X-Request-Id: a\r\n b\r\n",
        "X-Request-Id: a\tb\r\n", "X-Request-Id: a\0b\r\n", "X-Request-Id: a\rb\r\n",
        "X-Request-Id: a\r\nX-Request-Id: a\r\n", "X-Request-Id: a\r\nx-request-id: b\r\n",
        "X-Request-Id: abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-\r\n"})
    void idOfAnotherFormGivesAMadeOne(String headers) {
        assertThat(ids(with(headers))).singleElement().asString().matches(MADE);
    }
}
