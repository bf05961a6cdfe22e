package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.support.Api;
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

    private static List<String> ids(String header) {
        String request = Api.rawDownload("").stripTrailing() + "\r\n" + header + "\r\n\r\n";
        return ID.matcher(Stages.s3().api().raw(request)).results().map(found -> found.group(1)).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A.b_c-9", "-", "0af7651916cd43dd8448eb211c80319c",
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._"})
    void idOfTheClientComesBack(String id) {
        assertThat(ids("x-request-id: " + id)).containsExactly(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "a/b", "${jndi:ldap://x}", "\u001b[31mred", "\u00e4", "\"a\"", "a\r\n b",
        "a\tb", "a\0b", "a\rb", "a\r\nX-Request-Id: a", "a\r\nx-request-id: b",
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"})
    void idOfAnotherFormGivesAMadeOne(String id) {
        assertThat(ids("X-Request-Id: " + id)).singleElement().asString().matches("[0-9a-f]{32}");
    }
}
