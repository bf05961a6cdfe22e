package org.ccmessaging.filestream.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.CheckConfiguration;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.storage.BranchesOfType;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.RandomValuePropertySource;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.support.SpringApplicationJsonEnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The settings and the check of routes for commands, without the rest of the service, from the same configuration files
 * and variables. It does not start Spring Boot, which would take an eighth of a command's CPU.
 */
record QuietApplication(RunSettings settings, Check check) {

    static final String FOLDER = "filestream.routes.directory";

    /** @param folder the folder of the routes; {@code null} for the configured one */
    static QuietApplication of(Path folder) {
        return with(environment(folder));
    }

    static QuietApplication with(StandardEnvironment environment) {
        RoutesSettings routes = bind(environment, Bindable.of(RoutesSettings.class));
        StorageSettings storage = bind(environment, Bindable.ofInstance(new StorageSettings()));
        CheckConfiguration parts = new CheckConfiguration();
        RouteLanguage language = parts.routeLanguage(routes);
        return new QuietApplication(new RunSettings(environment, routes, language, storage),
                parts.check(language, environment, routes, List.of(new BranchesOfType(storage))));
    }

    RouteFiles files() {
        return RouteFiles.read(settings.routes().directory());
    }

    static StandardEnvironment environment(Path folder) {
        // Keeps the log quiet until a service starts in this process and sets up its own.
        LoggingSystem.get(QuietApplication.class.getClassLoader()).beforeInitialize();
        StandardEnvironment environment = new StandardEnvironment();
        if (folder != null) {
            environment.getPropertySources().addFirst(
                    new MapPropertySource("command", Map.of(FOLDER, folder.toString())));
        }
        RandomValuePropertySource.addToEnvironment(environment);
        new SpringApplicationJsonEnvironmentPostProcessor().postProcessEnvironment(environment, null);
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        return environment;
    }

    private static <T> T bind(ConfigurableEnvironment environment, Bindable<T> settings) {
        String prefix = settings.getType().resolve().getAnnotation(ConfigurationProperties.class).prefix();
        return Binder.get(environment).bind(prefix, settings).get();
    }
}
