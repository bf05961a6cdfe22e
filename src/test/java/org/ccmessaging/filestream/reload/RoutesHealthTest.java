package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.support.MadeUpRoutes;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;

/** What the health component of the routes says. */
class RoutesHealthTest {

    private final MadeUpRoutes routes = new MadeUpRoutes();
    private final RoutesHealth health = new RoutesHealth(routes);

    @Test
    void saysWhichGenerationServes() {
        assertThat(health.health().getDetails()).containsOnlyKeys("generation", "sha256", "since", "by", "filesDiffer")
                .containsEntry("generation", 1).containsEntry("by", "start")
                .containsEntry("since", MadeUpRoutes.START).containsEntry("filesDiffer", false);
    }

    @Test
    void rejectedSetIsShownAndTheRoutesAreUp() {
        routes.edit("- route: broken", "routes/a.camel.yaml:7:3  error R010  no bean nowhere").reload("file change");
        Health rejected = health.health();

        assertThat(rejected.getStatus()).isEqualTo(Status.UP);
        assertThat(rejected.getDetails()).containsEntry("generation", 1).containsEntry("filesDiffer", true);
        assertThat((Map<?, ?>) rejected.getDetails().get("rejected"))
                .satisfies(details -> assertThat(details.get("stage")).isEqualTo("check"))
                .satisfies(details -> assertThat(details.get("by")).isEqualTo("file change"))
                .satisfies(details -> assertThat(details.get("errors"))
                        .isEqualTo(List.of("routes/a.camel.yaml:7:3  error R010  no bean nowhere")));
    }

    @Test
    void setThatWasGoneBackToIsSaidToStay() {
        routes.edit("- route: regretted").reload("file change");
        routes.rollback(1, "console user admin");

        assertThat(health.health().getDetails()).containsEntry("generation", 3).containsEntry("filesDiffer", true)
                .hasEntrySatisfying("note", note -> assertThat(note.toString())
                        .contains("Generation 3 stays until the files change again"));
    }
}
