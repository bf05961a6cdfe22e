package org.ccmessaging.filestream.cli;

import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.CheckConfiguration;
import org.ccmessaging.filestream.routes.check.rules.RouteRules;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.storage.BranchesOfType;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** What the commands need of the service: its settings and the check of routes. It opens no port and writes no log. */
final class QuietApplication {

    private static final String[] SETTINGS = {"--logging.config=classpath:route-check/no-log.xml"};

    /** Without an annotation by which the service would find it. */
    @Import({CheckConfiguration.class, RouteRules.class, BranchesOfType.class})
    @EnableConfigurationProperties({RoutesSettings.class, StorageSettings.class, DownloadSettings.class})
    static class Parts {
    }

    /** Starts the application, lets somebody use it, and closes it. */
    <T> T with(Function<ConfigurableApplicationContext, T> use) {
        return with(null, use);
    }

    /** @param folder of the routes; {@code null} for the one of the settings */
    <T> T with(Path folder, Function<ConfigurableApplicationContext, T> use) {
        try (ConfigurableApplicationContext context = folder == null ? start()
                : start("--filestream.routes.directory=" + folder)) {
            return use.apply(context);
        }
    }

    ConfigurableApplicationContext start(String... more) {
        SpringApplication spring = new SpringApplication(Parts.class);
        spring.setWebApplicationType(WebApplicationType.NONE);
        spring.setLazyInitialization(true);
        spring.setBannerMode(Banner.Mode.OFF);
        spring.setLogStartupInfo(false);
        spring.setRegisterShutdownHook(false);
        return spring.run(Stream.of(SETTINGS, more).flatMap(Stream::of).toArray(String[]::new));
    }
}
