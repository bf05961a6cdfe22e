package org.ccmessaging.filestream.settings;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** Settings that the product no longer has. A start names what replaces them, and ignores them. */
public final class FormerSettings extends AbstractBindHandler {

    private static final Map<String, String> REPLACED_BY = Map.of(
            "filestream.s3.adaptive-concurrency", "the limit filestream.s3.max-connections",
            "filestream.routes.tests-before-swap", "`routes test` in a pipeline, and `routes reload`, which runs it",
            "filestream.routes.tests-timeout", "the time limit of the pipeline that runs `routes test`",
            "filestream.routes.rehearsal-policy", "the exit status of `routes rehearse`");

    /** @param strict refuses unknown keys */
    public FormerSettings(BindHandler strict) {
        super(strict);
    }

    @Override
    public void onFinish(ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result)
            throws Exception {
        try {
            super.onFinish(name, target, context, result);
        } catch (UnboundConfigurationPropertiesException unknown) {
            if (unknown.getUnboundProperties().stream()
                    .anyMatch(key -> replacement(key.getName().toString()).isEmpty())) {
                throw unknown;
            }
        }
    }

    /** Returns what replaces a setting, by its key or its variable in any spelling; empty if it is not a former one. */
    static Optional<String> replacement(String name) {
        return REPLACED_BY.entrySet().stream().filter(former -> letters(former.getKey()).equals(letters(name)))
                .map(Map.Entry::getValue).findFirst();
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }
}
