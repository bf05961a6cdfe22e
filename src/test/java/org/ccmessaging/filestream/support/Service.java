package org.ccmessaging.filestream.support;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.FileStreamApplication;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** The running service, in this process, on free ports, with the routes of the folder {@code routes/}. */
public final class Service implements AutoCloseable {

    /** Signs the tokens of tests. */
    public static final String SIGNING_KEY = "only-for-tests-only-for-tests-only-for-tests";

    private final ConfigurableApplicationContext context;

    private Service(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /**
     * Starts it.
     *
     * @param settings win over config/application.yaml and the environment
     * @param more beans to add
     */
    public static Service start(Map<String, Object> settings, Class<?>... more) {
        Map<String, Object> all = new HashMap<>(settings);
        all.putIfAbsent("server.port", 0);
        all.putIfAbsent("management.server.port", 0);
        if (!all.containsKey("filestream.auth.jwk-set-uri")) {
            all.putIfAbsent("filestream.auth.signing-key", SIGNING_KEY);
        }
        SpringApplication application = new SpringApplication(FileStreamApplication.class);
        application.addPrimarySources(List.of(more));
        application.setRegisterShutdownHook(false);
        application.addInitializers(starting -> starting.getEnvironment().getPropertySources()
                .addFirst(new MapPropertySource("test", all)));
        return new Service(application.run());
    }

    /** A client of its API port. */
    public Api api() {
        return new Api(URI.create("http://localhost:" + port("local.server.port")));
    }

    /** A client of its management port. */
    public Api management() {
        return new Api(URI.create("http://localhost:" + port("local.management.port")));
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    private String port(String property) {
        return context.getEnvironment().getProperty(property);
    }

    @Override
    public void close() {
        context.close();
    }
}
