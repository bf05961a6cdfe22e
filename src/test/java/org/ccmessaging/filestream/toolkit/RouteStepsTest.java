package org.ccmessaging.filestream.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** Step beans come from the lists of jars, with what they say of themselves. */
class RouteStepsTest {

    /** As a jar of an installation has it. */
    @RouteStep(description = "Counts the files that were looked up.", needs = "location")
    static class CountFiles implements Processor {

        private final AtomicInteger files = new AtomicInteger();

        @Override
        public void process(Exchange exchange) {
            files.incrementAndGet();
        }
    }

    /** A test with the list of a jar on the class path. */
    @FunctionalInterface
    private interface WithJar {

        void run() throws Exception;
    }

    private static void withList(Path jar, String classes, WithJar test) throws Exception {
        Path list = jar.resolve("META-INF/spring/" + RouteStep.class.getName() + ".imports");
        Files.createDirectories(list.getParent());
        Files.writeString(list, classes);
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(loader);
            test.run();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void everyStepOfTheServiceIsListedUnderItsName() {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(RouteStep.class));
        Set<String> annotated = scanner.findCandidateComponents("org.ccmessaging.filestream").stream()
                .map(bean -> bean.getBeanClassName()).filter(name -> !name.contains("$"))
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .map(name -> Character.toLowerCase(name.charAt(0)) + name.substring(1)).collect(Collectors.toSet());

        assertThat(RouteSteps.all().keySet()).isEqualTo(annotated);
    }

    @Test
    void jarInLibAddsAStep(@TempDir Path jar) throws Exception {
        withList(jar, CountFiles.class.getName(), () -> {
            DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

            new RouteSteps().registerBeanDefinitions(null, beans);

            assertThat(beans.getBean("countFiles")).isInstanceOf(CountFiles.class);
            assertThat(beans.containsBeanDefinition("respond")).isTrue();
            assertThat(RouteSteps.all().get("countFiles").needs()).containsExactly("location");
        });
    }

    @Tag("service")
    @Test
    void routeRunsTheStepOfAJarInLib(@TempDir Path jar, @TempDir Path folder) throws Exception {
        OwnRoutes routes = new OwnRoutes(folder);
        routes.replace("storage-standard", "        - to:\n            id: open-standard\n", """
                        - process:
                            id: count-files
                            description: Counts the files that were looked up.
                            ref: countFiles
                        - to:
                            id: open-standard
                """);
        withList(jar, CountFiles.class.getName(), () -> {
            try (Stage stage = new Stage(Stage.Kind.FILESYSTEM,
                    Map.of("filestream.routes.directory", folder.toString()))) {
                stage.put("standard", "a.txt", Stage.content(10));

                assertThat(stage.api().download(Api.request("standard", "a.txt")).file()).isEqualTo(Stage.content(10));
                assertThat(stage.service().bean(CountFiles.class).files).hasValue(1);
            }
        });
    }

    @Test
    void listedClassWithoutTheAnnotationStopsTheStart(@TempDir Path jar) throws Exception {
        withList(jar, String.class.getName(), () -> assertThatThrownBy(RouteSteps::all)
                .hasMessage("java.lang.String is listed as a step of routes and has no annotation @RouteStep"));
    }
}
