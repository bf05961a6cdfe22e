package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.RouteController;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** The health component of the routes. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.reload.Journal", texts = "are rejected")
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
    void rejectedSetIsShownAndTheRoutesAreUp() {
        routes.edit("broken").reload("file change");
        Health rejected = health.health();

        assertThat(rejected.getStatus()).isEqualTo(Status.UP);
        assertThat(rejected.getDetails()).containsEntry("generation", 1).containsEntry("filesDiffer", true);
        assertThat(rejected.getDetails().get("rejected")).isInstanceOfSatisfying(LiveRoutes.Attempt.class, set -> {
            assertThat(set.stage()).isEqualTo(LiveRoutes.Stage.CHECK);
            assertThat(set.by()).isEqualTo("file change");
            assertThat(set.errors()).containsExactly(MadeUpRoutes.BROKEN);
        });
    }

    @Test
    void noteExplainsThatARolledBackSetStays() {
        routes.edit("- route: regretted").reload("file change");
        routes.rollback(1, "console user admin");

        assertThat(health.health().getDetails()).containsEntry("generation", 3).containsEntry("filesDiffer", true)
                .hasEntrySatisfying("note", note -> assertThat(note.toString())
                        .contains("Generation 3 stays until the files change again"));
    }

    @Test
    void routeThatSomebodyHasStoppedOrSuspendedTakesItDownAndNeitherProbe() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of())) {
            RouteController controller = stage.service().bean(CamelContext.class).getRouteController();
            assertThat(all(stage).getStatus()).isEqualTo(Status.UP);
            assertThat(all(stage).getComponents()).containsOnlyKeys("api", "diskSpace", "keys", "livenessState", "ping",
                    "readinessState", "routes", "ssl", "storages");
            assertThat(ofRoutes(stage).getDetails()).doesNotContainKey("stopped");

            controller.stopRoute("storage-standard");
            controller.suspendRoute("download-file-stream");
            assertThat(all(stage).getStatus()).isEqualTo(Status.DOWN);
            assertThat(ofRoutes(stage).getStatus()).isEqualTo(Status.DOWN);
            assertThat(ofRoutes(stage).getDetails())
                    .containsEntry("stopped", List.of("download-file-stream", "storage-standard"))
                    .containsEntry("generation", 1);

            controller.resumeRoute("download-file-stream");
            assertThat(ofRoutes(stage).getDetails()).containsEntry("stopped", List.of("storage-standard"));
            for (String probe : List.of("readiness", "liveness")) {
                assertThat(stage.service().management().get("/actuator/health/" + probe).status()).isEqualTo(200);
            }
            assertThat(stage.service().management().get("/actuator/health").status()).isEqualTo(503);

            controller.startRoute("storage-standard");
            assertThat(all(stage).getStatus()).isEqualTo(Status.UP);
        }
    }

    private static CompositeHealthDescriptor all(Stage stage) {
        return (CompositeHealthDescriptor) stage.service().bean(HealthEndpoint.class).health();
    }

    private static IndicatedHealthDescriptor ofRoutes(Stage stage) {
        return (IndicatedHealthDescriptor) all(stage).getComponents().get("routes");
    }
}
