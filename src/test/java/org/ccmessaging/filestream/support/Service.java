package org.ccmessaging.filestream.support;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.FileStreamApplication;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** The running service on free ports, with the routes of the folder {@code routes/}. */
public interface Service extends AutoCloseable {

    /** Signs the tokens of tests. */
    String SIGNING_KEY = "only-for-tests-only-for-tests-only-for-tests";

    Api api();

    Api management();

    default String metrics() {
        return management().get("/actuator/prometheus").text();
    }

    /** The value of a metric, whatever its labels are if the name has none; 0 if the service has none. */
    default double metric(String nameAndLabels) {
        return metrics().lines().filter(line -> line.startsWith(nameAndLabels + " ")
                || line.startsWith(nameAndLabels + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    /** A bean of a service in this process. */
    <T> T bean(Class<T> type);

    @Override
    void close();

    /**
     * Starts it in this process. {@link JarProcess} starts the packaged jar.
     *
     * @param settings win over all others
     * @param more beans to add
     */
    static Service start(Map<String, Object> settings, Class<?>... more) {
        return InProcess.start(complete(settings), more);
    }

    /** Settings with those that every service of a test needs. */
    static Map<String, Object> complete(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.putIfAbsent("server.port", 0);
        all.putIfAbsent("management.server.port", 0);
        all.putIfAbsent("filestream.log.id-key", SIGNING_KEY);
        if (!all.containsKey("filestream.auth.jwk-set-uri")) {
            all.putIfAbsent("filestream.auth.signing-key", SIGNING_KEY);
        }
        return all;
    }

    record InProcess(ConfigurableApplicationContext context) implements Service {

        private static Service start(Map<String, Object> settings, Class<?>... more) {
            SpringApplication application = new SpringApplication(FileStreamApplication.class);
            application.addPrimarySources(List.of(more));
            application.setRegisterShutdownHook(false);
            application.addInitializers(starting -> starting.getEnvironment().getPropertySources()
                    .addFirst(new MapPropertySource("test", settings)));
            return new InProcess(application.run());
        }

        @Override
        public Api api() {
            return Api.described(address("local.server.port"));
        }

        @Override
        public Api management() {
            return new Api(address("local.management.port"));
        }

        private URI address(String portProperty) {
            return URI.create("http://localhost:" + context.getEnvironment().getProperty(portProperty));
        }

        @Override
        public <T> T bean(Class<T> type) {
            return type.isInstance(context.getBeanFactory()) ? type.cast(context.getBeanFactory())
                    : context.getBean(type);
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
