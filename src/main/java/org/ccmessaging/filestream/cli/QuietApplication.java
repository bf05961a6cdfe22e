package org.ccmessaging.filestream.cli;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigUtils;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * The service's beans and settings without the service: no port, no log, no route. A bean is made when somebody asks
 * for it. What the start demands and a command has no use for, such as the key that signs tokens, is made up where it
 * is not set.
 */
final class QuietApplication {

    /** What the beans of steps need of Spring Boot and Camel. To weigh all that is there takes a sixth of the time. */
    private static final List<Class<?>> PARTS = List.of(CamelAutoConfiguration.class,
            ConfigurationPropertiesAutoConfiguration.class, PropertyPlaceholderAutoConfiguration.class,
            JacksonAutoConfiguration.class, SslAutoConfiguration.class);

    /** These win over configuration. */
    private static final String[] SETTINGS = {
        "--spring.boot.enableautoconfiguration=false",
        "--logging.config=classpath:route-check/no-log.xml",
        "--camel.main.routes-include-pattern=false",
        "--camel.main.jmx-enabled=false",
    };

    /** Nothing connects to it; the S3 client only needs an address to be made. */
    private static final String NO_STORE = "http://127.0.0.1:9";

    private final Class<?> application;

    QuietApplication(Class<?> application) {
        this.application = application;
    }

    /** Starts the application, lets somebody use it, and closes it. */
    <T> T with(Function<ConfigurableApplicationContext, T> use) {
        try (ConfigurableApplicationContext context = start()) {
            return use.apply(context);
        }
    }

    ConfigurableApplicationContext start() {
        SpringApplication spring = new SpringApplication(application);
        spring.addPrimarySources(PARTS);
        spring.setWebApplicationType(WebApplicationType.NONE);
        spring.setLazyInitialization(true);
        spring.setBannerMode(Banner.Mode.OFF);
        spring.setLogStartupInfo(false);
        spring.setRegisterShutdownHook(false);
        spring.addInitializers(context -> makeUp(context.getEnvironment()),
                context -> leaveOutUnused((GenericApplicationContext) context));
        return spring.run(SETTINGS);
    }

    /** Nobody counts, and nothing listens: to look for listeners Spring would load the classes of all beans. */
    private static void leaveOutUnused(GenericApplicationContext context) {
        context.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
        context.addBeanFactoryPostProcessor((BeanDefinitionRegistryPostProcessor) beans ->
                beans.removeBeanDefinition(AnnotationConfigUtils.EVENT_LISTENER_PROCESSOR_BEAN_NAME));
    }

    private static void makeUp(ConfigurableEnvironment settings) {
        Map<String, Object> madeUp = new HashMap<>();
        if (isBlank(settings, "filestream.auth.signing-key") && isBlank(settings, "filestream.auth.jwk-set-uri")) {
            madeUp.put("filestream.auth.signing-key", UUID.randomUUID().toString());
        }
        if (isBlank(settings, "filestream.s3.endpoint") && isBlank(settings, "filestream.s3.region")) {
            madeUp.put("filestream.s3.endpoint", NO_STORE);
        }
        settings.getPropertySources().addFirst(new MapPropertySource("made up for a command", madeUp));
    }

    private static boolean isBlank(ConfigurableEnvironment settings, String key) {
        String value = settings.getProperty(key);
        return value == null || value.isBlank();
    }
}
