package org.ccmessaging.filestream.routes.check.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.spring.boot.CamelConfigurationProperties;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.Finding;
import org.ccmessaging.filestream.routes.check.Level;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** The collections of faulty and good edits, checked on all levels. */
@SpringBootTest(classes = FileStreamApplication.class, webEnvironment = WebEnvironment.NONE, properties = {
    "filestream.auth.signing-key=only-for-this-test-only-for-this-test",
    "filestream.s3.endpoint=http://127.0.0.1:9",
    "filestream.auth.token-endpoints=true",
    "filestream.routes.directory=${user.dir}/routes",
    "camel.main.routes-include-pattern=false",
    "spring.main.lazy-initialization=true",
    // Health is that of a service.
    "management.endpoint.health.validate-group-membership=false"})
class CompleteCheckTest {

    private final ConfigurableApplicationContext application;
    private final CamelConfigurationProperties camel;

    CompleteCheckTest(@Autowired ConfigurableApplicationContext application,
            @Autowired CamelConfigurationProperties camel) {
        this.application = application;
        this.camel = camel;
    }

    /** {@code BrokenRoutesTest} has the faults that rules find; a build for each would take minutes. */
    static Stream<RouteEdit> faults() {
        boolean all = Boolean.getBoolean("filestream.routes.all-edits");
        return RouteEdit.all("broken").stream().filter(edit -> all || BrokenRoutesTest.code(edit).startsWith("R0"));
    }

    static Stream<RouteEdit> goodEdits() {
        return RouteEdit.all("good").stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void faultIsFoundOnItsLine(RouteEdit edit, @TempDir Path folder) throws IOException {
        edit.writeTo(folder);

        BrokenRoutesTest.assertFoundOnItsLine(edit, folder, check(edit, folder));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodEdits")
    void goodEditIsNoError(RouteEdit edit, @TempDir Path folder) throws IOException {
        edit.writeTo(folder);

        assertThat(check(edit, folder)).filteredOn(finding -> finding.level() == Level.ERROR
                && !edit.also().contains(finding.code())).isEmpty();
    }

    private List<Finding> check(RouteEdit edit, Path folder) {
        MapPropertySource settings = new MapPropertySource("settings of the edit", new HashMap<>(edit.settings()));
        application.getEnvironment().getPropertySources().addFirst(settings);
        try {
            return new Check(application, camel, List.of(new RouteRules(edit.routesSettings())))
                    .run(RouteFiles.read(folder)).findings();
        } finally {
            application.getEnvironment().getPropertySources().remove(settings.getName());
        }
    }
}
