package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.ccmessaging.filestream.support.Service;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

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

    /** Binds and checks all settings, as the application does first, and no more. */
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
                .withInitializer(context -> new SettingsCheck().onApplicationEvent(
                        new ApplicationContextInitializedEvent(new SpringApplication(), new String[0], context)));
    }

    /** The report on settings that stop the start; fails where the start succeeds. */
    static StartReport of(String... keyAndValue) {
        Map<String, Object> settings = new HashMap<>();
        for (int i = 0; i < keyAndValue.length; i += 2) {
            settings.put(keyAndValue[i], keyAndValue[i + 1]);
        }
        StartReport[] report = new StartReport[1];
        runner(settings, Map.of()).run(context -> {
            assertThat(context.getStartupFailure()).as("started with " + settings).isNotNull();
            FailureAnalysis analysis = new InvalidSettingReport().analyze(context.getStartupFailure());
            report[0] = new StartReport(analysis.getDescription(), analysis.getAction());
        });
        return report[0];
    }
}
