package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.camel.component.mock.MockEndpoint;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The content-based router, {@code choose-storage}. The routes of the branches are mocks. */
class ChooseStorageRouteTest extends RouteTest {

    private static final List<String> STORAGES = List.of("local", "multimedia-library", "standard");

    @BeforeEach
    void replaceTheBranches() throws Exception {
        if (camel.hasEndpoint("mock:storage-local") == null) {
            advise("choose-storage", route -> STORAGES.forEach(storage ->
                    route.weaveById("to-storage-" + storage).replace().to("mock:storage-" + storage)));
        }
        MockEndpoint.resetMocks(camel);
    }

    @ParameterizedTest
    @CsvSource({
        "local/a.txt,            , local",
        "117,          multiMedia, multimedia-library",
        "local/a.txt,  multiMedia, local",
        "a.txt,                  , standard",
        "locals/a.txt,           , standard",
        "a/local/a.txt,          , standard",
        ",                       , standard",
        "117,          multimedia, standard"})
    void requestGoesToTheStorageOfItsFile(String fileId, String multiMedia, String storage) throws Exception {
        for (String each : STORAGES) {
            camel.getEndpoint("mock:storage-" + each, MockEndpoint.class)
                    .expectedMessageCount(each.equals(storage) ? 1 : 0);
        }

        assertThat(send("direct:choose-storage", new DownloadRequest(fileId, "WEB", "txt", multiMedia)).isFailed())
                .isFalse();

        MockEndpoint.assertIsSatisfied(camel);
    }
}
