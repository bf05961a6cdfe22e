package org.ccmessaging.filestream.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * The service's beans and settings without the service: no port, no log, no route. A bean is made when somebody asks
 * for it. What the start demands and a command has no use for, such as the key that signs tokens, is made up where it
 * is not set.
 */
final class QuietApplication {

    /** To weigh all of Spring Boot's auto-configurations takes a third of the time; the beans of steps need these. */
    private static final Pattern USED = Pattern.compile("org\\.apache\\.camel\\.spring\\.boot\\.CamelAutoConfiguration"
            + "|.*\\.(ConfigurationPropertiesAutoConfiguration|PropertyPlaceholderAutoConfiguration"
            + "|JacksonAutoConfiguration|MetricsAutoConfiguration|CompositeMeterRegistryAutoConfiguration"
            + "|SimpleMetricsExportAutoConfiguration|SslAutoConfiguration)");

    /** These win over configuration. */
    private static final String[] SETTINGS = {
        "--logging.config=classpath:route-check/no-log.xml",
        "--camel.main.routes-include-pattern=false",
        "--camel.main.jmx-enabled=false",
        "--hawtio.enabled=false",
        "--spring.jmx.enabled=false",
        "--spring.autoconfigure.exclude=" + unused(),
    };

    /** Nothing connects to it; the S3 client only needs an address to be made. */
    private static final String NO_STORE = "http://127.0.0.1:9";

    private final Class<?> application;

    private static String unused() {
        return ImportCandidates.load(AutoConfiguration.class, null).getCandidates().stream()
                .filter(USED.asMatchPredicate().negate()).collect(Collectors.joining(","));
    }

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
        spring.setWebApplicationType(WebApplicationType.NONE);
        spring.setLazyInitialization(true);
        spring.setBannerMode(Banner.Mode.OFF);
        spring.setLogStartupInfo(false);
        spring.setRegisterShutdownHook(false);
        spring.addInitializers(context -> makeUp(context.getEnvironment()));
        return spring.run(SETTINGS);
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
