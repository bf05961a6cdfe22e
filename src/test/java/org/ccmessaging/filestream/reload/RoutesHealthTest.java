package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;

import org.ccmessaging.filestream.routes.Serving;
import org.junit.jupiter.api.Test;

/** The health component of the routes. */
class RoutesHealthTest {

    private final MadeUpRoutes routes = new MadeUpRoutes();
    private final RoutesHealth health = new RoutesHealth(routes, new Serving(null, null), null);

    @Test
    void showsTheActiveGeneration() {
        assertThat(health.health().getDetails()).containsOnlyKeys("generation", "sha256", "since", "by", "filesDiffer")
                .containsEntry("generation", 1).containsEntry("by", "start")
                .containsEntry("since", MadeUpRoutes.START).containsEntry("filesDiffer", false);
    }

    @Test
    void noteExplainsThatARolledBackSetStays() {
        routes.edit("- route: regretted").reload("file change");
        routes.rollback(1, "console user admin");

        assertThat(health.health().getDetails()).containsEntry("generation", 3).containsEntry("filesDiffer", true)
                .hasEntrySatisfying("note", note -> assertThat(note.toString())
                        .contains("Generation 3 stays until the files change again"));
    }
}
