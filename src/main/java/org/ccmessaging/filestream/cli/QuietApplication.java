package org.ccmessaging.filestream.cli;

import java.nio.file.Path;
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
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** The part of the service that commands need: settings and the check of routes. It opens no port and writes no log. */
final class QuietApplication {

    /** The setting that names the folder of the routes. */
    static final String FOLDER = "filestream.routes.directory";

    private QuietApplication() {
    }

    /** Without an annotation by which the service would find it. */
    @Import({CheckConfiguration.class, RouteRules.class, BranchesOfType.class})
    @EnableConfigurationProperties({RoutesSettings.class, StorageSettings.class, DownloadSettings.class})
    static class Parts {
    }

    /**
     * Starts it; who starts it closes it.
     *
     * @param folder of the routes; {@code null} for the one of the settings
     */
    static ConfigurableApplicationContext start(Path folder) {
        SpringApplication spring = new SpringApplication(Parts.class);
        spring.setWebApplicationType(WebApplicationType.NONE);
        spring.setLazyInitialization(true);
        spring.setBannerMode(Banner.Mode.OFF);
        spring.setLogStartupInfo(false);
        spring.setRegisterShutdownHook(false);
        String quiet = "--logging.config=classpath:route-check/no-log.xml";
        return folder == null ? spring.run(quiet) : spring.run(quiet, "--" + FOLDER + "=" + folder);
    }

    /** The folder of the routes. */
    static Path folder(ApplicationContext context) {
        return Path.of(context.getEnvironment().getRequiredProperty(FOLDER));
    }
}
