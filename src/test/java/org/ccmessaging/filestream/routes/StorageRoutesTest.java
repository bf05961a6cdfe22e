package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.ccmessaging.filestream.response.Made;
import org.ccmessaging.filestream.storage.ConfinedLocation;
import org.ccmessaging.filestream.support.Outcomes;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A route for each storage branch, with the library as it is without a catalogue. The routes that open are mocks. */
class StorageRoutesTest extends RouteTest {

    private MockEndpoint filesystem;
    private MockEndpoint s3;

    @BeforeEach
    void replaceTheRoutesThatOpen() throws Exception {
        if (camel.hasEndpoint("mock:direct:read-s3") == null) {
            for (String branch : List.of("local", "multimedia-library", "standard")) {
                advise("storage-" + branch, route -> route.weaveById("open-" + branch).replace()
                        .to("mock:direct:read-{{filestream.storage." + branch + ".type}}"));
            }
        }
        MockEndpoint.resetMocks(camel);
        filesystem = camel.getEndpoint("mock:direct:read-filesystem", MockEndpoint.class);
        s3 = camel.getEndpoint("mock:direct:read-s3", MockEndpoint.class);
    }

    @ParameterizedTest
    @CsvSource({
        "local,              local/a/b.txt, filesystem, a/b.txt",
        "multimedia-library, 117,           filesystem, 117",
        "standard,           a.txt,         s3,         a.txt"})
    void branchOpensTheKeyBelowTheTenantOfTheCustomer(String branch, String fileId, String type, String key)
            throws Exception {
        filesystem.expectedMessageCount(type.equals("s3") ? 0 : 1);
        s3.expectedMessageCount(type.equals("s3") ? 1 : 0);

        Exchange sent = send("direct:storage-" + branch, request(fileId));

        MockEndpoint.assertIsSatisfied(camel);
        assertThat(sent.getVariable("branch")).isEqualTo(branch);
        assertThat(sent.getVariable("objectKey")).isEqualTo(key);
        assertThat(ConfinedLocation.require(sent)).hasToString(branch + "/demo/" + key);
    }

    private static DownloadRequest request(String fileId) {
        return new DownloadRequest(fileId, "WEB", "txt", null);
    }

    @ParameterizedTest
    @CsvSource({"local, local/", "standard,"})
    void requestWithoutAKeyOpensNothing(String branch, String fileId) throws Exception {
        filesystem.expectedMessageCount(0);
        s3.expectedMessageCount(0);

        assertThat(Made.text(send("direct:storage-" + branch, request(fileId)).getMessage()))
                .isEqualTo(Outcomes.OBJECT_KEY_MISSING);

        MockEndpoint.assertIsSatisfied(camel);
    }

    @Test
    void routesOfFeaturesThatAreOffDoNotExist() {
        assertThat(camel.getRoute("look-up-none")).isNotNull();
        assertThat(camel.getRoute("read-filesystem")).isNotNull();
        assertThat(camel.getRoute("read-s3")).as("the standard storage is of type s3").isNotNull();
        assertThat(camel.getRoute("look-up-sql")).isNull();
        assertThat(camel.getRoute("token-by-ak-sk")).isNull();
        assertThat(camel.getRoute("apply-token")).isNull();
    }
}
