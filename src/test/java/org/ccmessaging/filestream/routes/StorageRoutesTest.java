package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.ccmessaging.filestream.storage.ConfinedLocation;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The content-based router, {@code choose-storage}, and a route for each storage branch, with the library as it is
 * without a catalogue. The routes that they call are mocks.
 */
class StorageRoutesTest extends RouteTest {

    @BeforeEach
    void replaceTheRoutesThatTheyCall() throws Exception {
        if (camel.hasEndpoint("mock:direct:read-s3") == null) {
            advise("choose-storage", route -> Stage.BRANCHES.forEach(branch ->
                    route.weaveById("to-storage-" + branch).replace().to("mock:storage-" + branch)));
            for (String branch : Stage.BRANCHES) {
                advise("storage-" + branch, route -> route.weaveById("open-" + branch).replace()
                        .to("mock:direct:read-{{filestream.storage." + branch + ".type}}"));
            }
        }
        MockEndpoint.resetMocks(camel);
    }

    private void expectMessages(String mock, int count) {
        camel.getEndpoint("mock:" + mock, MockEndpoint.class).expectedMessageCount(count);
    }

    private static DownloadRequest request(String fileId, String multiMedia) {
        return new DownloadRequest(fileId, "WEB", "txt", multiMedia);
    }

    @ParameterizedTest
    @CsvSource({
        "local/a.txt,            , local",
        "117,          multiMedia, multimedia-library",
        "local/a.txt,  multiMedia, local",
        "a.txt,                  , standard"})
    void requestGoesToTheStorageOfItsFile(String fileId, String multiMedia, String storage) throws Exception {
        Stage.BRANCHES.forEach(branch -> expectMessages("storage-" + branch, branch.equals(storage) ? 1 : 0));

        assertThat(send("direct:choose-storage", request(fileId, multiMedia)).isFailed()).isFalse();

        MockEndpoint.assertIsSatisfied(camel);
    }

    @ParameterizedTest
    @CsvSource({
        "local,              local/a/b.txt, filesystem, a/b.txt",
        "multimedia-library, 117,           filesystem, 117",
        "standard,           a.txt,         s3,         a.txt"})
    void branchOpensTheKeyBelowTheTenantOfTheCustomer(String branch, String fileId, String type, String key)
            throws Exception {
        expectMessages("direct:read-filesystem", type.equals("s3") ? 0 : 1);
        expectMessages("direct:read-s3", type.equals("s3") ? 1 : 0);

        Exchange sent = send("direct:storage-" + branch, request(fileId, null));

        MockEndpoint.assertIsSatisfied(camel);
        assertThat(sent.getVariable("branch")).isEqualTo(branch);
        assertThat(sent.getVariable("objectKey")).isEqualTo(key);
        assertThat(ConfinedLocation.require(sent)).hasToString(branch + "/demo/" + key);
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
