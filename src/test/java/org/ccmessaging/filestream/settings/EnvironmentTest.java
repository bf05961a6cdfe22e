package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpComponent;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** A service whose settings all come from environment variables, as in a container. */
@Tag("service")
class EnvironmentTest {

    private static final Map<String, Object> VARIABLES = Map.of(
            "SERVER_PORT", "0",
            "MANAGEMENT_SERVER_PORT", "0",
            "FILESTREAM_AUTH_SIGNING_KEY", Service.SIGNING_KEY,
            "FILESTREAM_STORAGE_STANDARD_TYPE", "filesystem",
            "FILESTREAM_STORAGE_MULTIMEDIALIBRARY_TYPE", "filesystem",
            "FILESTREAM_STRICT_ENVIRONMENT", "true",
            "FILESTREAM_DOWNLOAD_FILETYPEALIASES_JPEG", "jpg",
            "FILESTREAM_S3_REQUIREDTAGS_SCAN", "clean",
            "CAMEL_COMPONENT_HTTP_USERAGENT", "ours");

    @Test
    void routesSeeTheSameEnvironmentAsTheSettings() {
        SpringApplication application = new SpringApplication(FileStreamApplication.class);
        application.setRegisterShutdownHook(false);
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        application.addInitializers(starting -> starting.getEnvironment().getPropertySources()
                .replace(name, new SystemEnvironmentPropertySource(name, VARIABLES)));

        try (ConfigurableApplicationContext service = application.run()) {
            assertThat(service.getBean(StorageSettings.class).values())
                    .allSatisfy(branch -> assertThat(branch.type()).isEqualTo(StorageSettings.Type.FILESYSTEM));
            assertThat(service.getBean(S3Settings.class).requiredTags()).containsExactly(Map.entry("scan", "clean"));
            CamelContext routes = service.getBean(CamelContext.class);
            assertThat(routes.getRoute("read-s3")).isNull();
            assertThat(routes
                    .resolvePropertyPlaceholders("{{filestream.storage.multimedia-library.type}}"))
                    .isEqualTo("filesystem");
            assertThat(routes.getComponent("http", HttpComponent.class).getUserAgent())
                    .as("the setting of a component that application.yaml leaves out of the start").isEqualTo("ours");
        }
    }
}
