package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Outcomes.METHOD_NOT_ALLOWED_BUT_GET;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Stages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;

/**
 * Contract section 5: the interface description on the API port, and the page that shows it on the management port.
 * {@code RefusalContractTest} has the paths beside it.
 */
@Stages.Concurrent
class InterfaceDescriptionContractTest {

    private static final String PATH = "/openapi/filestream.yaml";

    private static Api api() {
        return Stages.filesystem().api();
    }

    private static Answer page(String path) {
        return Stages.filesystem().service().management().get(path);
    }

    private static byte[] file() throws IOException {
        return new ClassPathResource(PATH).getContentAsByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/yaml", "application/json", "text/html", "nonsense"})
    void serviceServesTheDescriptionWhateverTheClientAcceptsAndItsLengthForHead(String accept) throws IOException {
        for (String method : new String[] {"GET", "HEAD"}) {
            Answer answer = api().send(method, PATH, BodyPublishers.noBody(), "Accept", accept);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.bytes()).isEqualTo(method.equals("GET") ? file() : new byte[0]);
            assertThat(answer.header("Content-Type")).isEqualTo("application/yaml");
            assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(file().length));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"})
    void otherMethodGives405AndSaysWhichIsRight(String method) {
        Answer answer = api().send(method, PATH, BodyPublishers.noBody());

        assertThat(answer.header("Allow")).isEqualTo("GET");
        assertThat(answer.text()).isEqualTo(METHOD_NOT_ALLOWED_BUT_GET);
    }

    @Test
    void pageForPeopleIsOnTheManagementPortAndLoadsItsOwnFiles() {
        Answer answer = page("/actuator/openapi");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/html");
        assertThat(answer.text()).contains("<title>ccmessaging-filestream");
        assertThat(Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(answer.text()).results()
                .map(match -> match.group(1))).containsExactlyInAnyOrder("openapi/page.js",
                "openapi/swagger-ui-bundle.js", "openapi/swagger-ui.css", "openapi/favicon-32x32.png");
    }

    @ParameterizedTest
    @CsvSource({"filestream.yaml,application/yaml", "page.js,text/javascript", "swagger-ui-bundle.js,text/javascript",
        "swagger-ui.css,text/css", "favicon-32x32.png,image/png", "index.html,text/html"})
    void filesOfThePageHaveTheirTypes(String name, String type) throws IOException {
        Answer answer = page("/actuator/openapi/" + name);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo(type);
        assertThat(answer.bytes()).isNotEmpty();
        assertThat(name.endsWith(".yaml") ? answer.bytes() : file()).as("the description").isEqualTo(file());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/openapi/", "/actuator/openapi/nothing", "/actuator/openapi/application.yaml",
        "/actuator/openapi/x/page.js", "/actuator/openapi/..%2f..%2fapplication.yaml"})
    void noOtherFileIsServed(String path) {
        assertThat(page(path).status()).isIn(404, 400);
    }
}
