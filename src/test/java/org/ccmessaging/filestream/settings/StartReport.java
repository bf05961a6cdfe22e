package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.support.Service;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader;

/**
 * What an operator reads when the service does not start.
 *
 * @param description the line that says what is wrong
 * @param action the line that says what to do
 */
record StartReport(String description, String action) {

    /** Marks a setting that has no value. */
    static final String UNSET = "(unset)";

    private static final String SYSTEM_ENVIRONMENT = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

    @ConfigurationPropertiesScan(basePackageClasses = FileStreamApplication.class)
    static class AllSettings {
    }

    /** Reads all settings, as the application does first, and no more. */
    static void bind(Map<String, Object> settings, Map<String, Object> environment,
            ContextConsumer<AssertableApplicationContext> consumer) {
        runner(settings, environment).run(consumer);
    }

    private static ApplicationContextRunner runner(Map<String, Object> settings, Map<String, Object> environment) {
        Map<String, Object> all = new HashMap<>(settings);
        all.putIfAbsent("filestream.auth.signing-key", Service.SIGNING_KEY);
        all.values().removeIf(UNSET::equals);
        return new ApplicationContextRunner()
                .withInitializer(new ConfigDataApplicationContextInitializer())
                .withInitializer(context -> context.getEnvironment().getPropertySources().replace(
                        SYSTEM_ENVIRONMENT, new SystemEnvironmentPropertySource(SYSTEM_ENVIRONMENT, environment)))
                .withInitializer(context -> context.getEnvironment().getPropertySources()
                        .addFirst(new MapPropertySource("test", all)))
                .withUserConfiguration(AllSettings.class);
    }

    /** The report on settings that stop the start; fails where the start succeeds. */
    static StartReport of(String... keyAndValue) {
        Map<String, Object> settings = new HashMap<>();
        for (int i = 0; i < keyAndValue.length; i += 2) {
            settings.put(keyAndValue[i], keyAndValue[i + 1]);
        }
        StartReport[] report = new StartReport[1];
        AtomicReference<ConfigurableApplicationContext> starting = new AtomicReference<>();
        runner(settings, Map.of()).withInitializer(starting::set).run(context -> {
            Throwable failure = context.getStartupFailure();
            if (failure == null) {
                failure = catchThrowable(() -> context.getBeansOfType(DependentSettings.class).values()
                        .forEach(some -> some.check(context, Set.of())));
            }
            assertThat(failure).as("started with " + settings).isNotNull();
            report[0] = of(failure, starting.get());
        });
        return report[0];
    }

    /** Calls every analyzer, as Spring Boot does. The first that knows the failure reports it. */
    private static StartReport of(Throwable failure, ConfigurableApplicationContext context) {
        List<FailureAnalyzer> analyzers = SpringFactoriesLoader.forDefaultResourceLocation().load(
                FailureAnalyzer.class,
                ArgumentResolver.<BeanFactory>of(BeanFactory.class, context.getBeanFactory())
                        .and(Environment.class, context.getEnvironment()),
                (type, name, ofALibraryThatIsNotThere) -> { });
        AnnotationAwareOrderComparator.sort(analyzers);
        for (FailureAnalyzer analyzer : analyzers) {
            FailureAnalysis analysis = analyzer.analyze(failure);
            if (analysis != null) {
                return new StartReport(analysis.getDescription(), analysis.getAction());
            }
        }
        throw new AssertionError("not reported", failure);
    }
}
