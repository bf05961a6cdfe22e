package org.ccmessaging.filestream.contract;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;

/** The same contract with a catalogue in PostgreSQL. */
@Tag("service")
class PostgresCatalogueContractTest extends CatalogueContractTest {

    @AutoClose
    private EmbeddedPostgres postgres;

    @Override
    Map<String, String> startDatabase() throws Exception {
        postgres = EmbeddedPostgres.builder().start();
        return Map.of("spring.datasource.url", postgres.getJdbcUrl("postgres", "postgres"),
                "spring.datasource.username", "postgres");
    }
}
