package org.ccmessaging.filestream.cli;

import java.nio.file.Path;
import java.util.Map;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.settings.BoundSettings;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.storage.BranchesOfType;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.IgnoreErrorsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.env.RandomValuePropertySource;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.support.SpringApplicationJsonEnvironmentPostProcessor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ConfigurationClassPostProcessor;
import org.springframework.context.annotation.FilterType;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.ClassUtils;

/**
 * Reads the configuration of the service for the check of routes. To save CPU time, this class does not start Spring
 * Boot: the check needs only the bean definitions of the service and of the jars in {@code lib/}.
 */
record QuietApplication(RunSettings settings, Check check) {

    static final String FOLDER = "filestream.routes.directory";

    /** Names of auto-configurations that define no bean for routes. */
    private static final String OF_FRAMEWORKS = "org\\.(springframework|apache\\.camel)\\..*|io\\.hawt\\..*";

    /** Leaves secrets unbound, because their environment variables are often not set when a command runs. */
    private static final class WithoutSecrets extends AbstractBindHandler {
        @Override
        public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
            return target.getType().resolve() == Secret.class ? null : target;
        }
    }

    /** The bean definitions of the service, and of its settings. No bean of the service itself. */
    @ComponentScan(basePackages = "org.ccmessaging.filestream",
            includeFilters = @ComponentScan.Filter(ConfigurationProperties.class), excludeFilters =
            @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*\\.FileStreamApplication"))
    static class Definitions {
    }

    /** @param folder {@code null} for the configured folder */
    static QuietApplication of(Path folder) {
        StandardEnvironment environment = new StandardEnvironment();
        return of(environment, () -> read(environment, folder));
    }

    /** @param environment an environment that already contains the settings of the service */
    static QuietApplication with(ConfigurableEnvironment environment) {
        return of(environment, () -> { });
    }

    private static QuietApplication of(ConfigurableEnvironment environment, Runnable read) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        Check check = new Check(environment, beans);
        // Saves time: another thread loads classes while this thread reads the settings.
        new Thread(check::load, "load-check").start();
        read.run();
        BindHandler handler = new BoundSettings(environment).apply(new WithoutSecrets());
        RoutesSettings routes = bind(environment, Bindable.of(RoutesSettings.class), handler);
        StorageSettings storage = bind(environment, Bindable.ofInstance(new StorageSettings()), handler);
        define(beans, environment);
        for (String name : beans.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            // Only startup reports settings that routes do not need.
            bind(environment, Bindable.of(beans.getType(name)), new IgnoreErrorsBindHandler(handler));
            beans.removeBeanDefinition(name);
        }
        beans.registerSingleton("branchesOfType", new BranchesOfType(storage));
        return new QuietApplication(new RunSettings(environment, routes, storage), check);
    }

    private static void define(DefaultListableBeanFactory beans, ConfigurableEnvironment environment) {
        // The conditions of bean definitions look up the environment under this bean name.
        beans.registerSingleton(ConfigurableApplicationContext.ENVIRONMENT_BEAN_NAME, environment);
        ClassLoader loader = ClassUtils.getDefaultClassLoader();
        AnnotatedBeanDefinitionReader reader = new AnnotatedBeanDefinitionReader(beans, environment);
        reader.register(Definitions.class);
        ImportCandidates.load(AutoConfiguration.class, loader).forEach(name -> {
            if (!name.matches(OF_FRAMEWORKS)) {
                reader.register(ClassUtils.resolveClassName(name, loader));
            }
        });
        ConfigurationClassPostProcessor configurations = new ConfigurationClassPostProcessor();
        configurations.setEnvironment(environment);
        configurations.postProcessBeanDefinitionRegistry(beans);
    }

    RouteFiles files() {
        return RouteFiles.read(settings.routes().directory());
    }

    private static void read(ConfigurableEnvironment environment, Path folder) {
        // Keeps the log of unit tests quiet. In the jar, Commands has already set up the log.
        LoggingSystem.get(QuietApplication.class.getClassLoader()).beforeInitialize();
        if (folder != null) {
            environment.getPropertySources().addFirst(
                    new MapPropertySource("command", Map.of(FOLDER, folder.toString())));
        }
        RandomValuePropertySource.addToEnvironment(environment);
        new SpringApplicationJsonEnvironmentPostProcessor().postProcessEnvironment(environment, null);
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
    }

    private static <T> T bind(ConfigurableEnvironment environment, Bindable<T> settings, BindHandler handler) {
        String prefix = settings.getType().resolve().getAnnotation(ConfigurationProperties.class).prefix();
        return Binder.get(environment).bind(prefix, settings, handler).orElse(null);
    }
}
