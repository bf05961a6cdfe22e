package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** The routes that ask another system: {@code look-up-sql} its database, and {@code read-s3} its store. */
@TestPropertySource(properties = {"filestream.library.catalogue=sql", "filestream.library.migrate=false",
    "spring.datasource.url=jdbc:h2:mem:no-table", "filestream.storage.local.type=s3"})
class ReadAndLookUpRoutesTest extends RouteTest {

    @AutoClose
    private static EmbeddedS3 s3;

    private MockEndpoint database;
    private MockEndpoint store;

    @DynamicPropertySource
    static void store(DynamicPropertyRegistry settings) throws Exception {
        s3 = EmbeddedS3.inMemory(List.of("local", "standard"));
        s3.settings().forEach((key, value) -> settings.add(key, () -> value));
    }

    @BeforeEach
    void replaceTheOtherSystems() throws Exception {
        if (camel.hasEndpoint("mock:database") == null) {
            advise("look-up-sql",
                    route -> route.weaveByToUri("sql*").replace().toV("mock:database", null, "objectKey"));
            advise("read-s3", route -> route.weaveById("get-object").before().to("mock:store"));
            advise("storage-local", route -> route.weaveAddLast().to("mock:result"));
        }
        MockEndpoint.resetMocks(camel);
        database = camel.getEndpoint("mock:database", MockEndpoint.class);
        store = camel.getEndpoint("mock:store", MockEndpoint.class);
    }

    private Exchange lookUp(String id) {
        return send("direct:look-up-sql", exchange -> {
            exchange.setVariable("branch", "multimedia-library");
            exchange.setVariable("request", new DownloadRequest(id, "WEB", "txt", "multiMedia"));
        });
    }

    @Test
    void keyOfTheCatalogueIsRememberedForTheNextRequest() throws Exception {
        database.whenAnyExchangeReceived(row -> row.getMessage().setBody("films/a.mp4"));
        database.expectedMessageCount(2);

        assertThat(lookUp("117").getVariable("objectKey")).isEqualTo("films/a.mp4");
        assertThat(lookUp("117").getVariable("objectKey")).isEqualTo("films/a.mp4");
        assertThat(lookUp("118").getVariable("objectKey")).isEqualTo("films/a.mp4");

        database.assertIsSatisfied();
    }

    @Test
    void objectOfTheStoreIsOpenedAndItsHeadersAreRemoved() throws Exception {
        s3.put("local", "demo/a.txt", Stage.content(200_000));
        result.expectedMessageCount(1);

        send("direct:storage-local", new DownloadRequest("local/a.txt", "WEB", "txt", null));

        result.assertIsSatisfied();
        Exchange opened = result.getExchanges().get(0);
        assertThat(store.getExchanges().get(0).getVariable("objectRequest", GetObjectRequest.class))
                .extracting(GetObjectRequest::bucket, GetObjectRequest::key).containsExactly("local", "demo/a.txt");
        assertThat(opened.getMessage().getHeaders()).noneSatisfy((name, value) ->
                assertThat(name).startsWith("CamelAwsS3"));
        assertThat(opened.getMessage().getBody(StoredObject.class).length()).isEqualTo(200_000);
    }
}
