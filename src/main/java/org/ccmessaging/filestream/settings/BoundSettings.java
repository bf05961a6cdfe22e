package org.ccmessaging.filestream.settings;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * A property source that comes before all others, with the settings as Spring Boot bound them. Spring Boot accepts many
 * spellings of a value, such as {@code on} for {@code true}. Routes read text, so each value has one text here. Secrets
 * are left out. This class also checks each {@link Between}.
 */
@Component
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
public final class BoundSettings implements ConfigurationPropertiesBindHandlerAdvisor {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("filestream");

    private final Map<ConfigurationPropertyName, String> texts = new ConcurrentHashMap<>();

    /** @param environment gets the property source */
    public BoundSettings(ConfigurableEnvironment environment) {
        environment.getPropertySources().addFirst(new EnumerablePropertySource<>("bound settings", texts) {
            /** Names none: Spring Boot finds the keys of a map in the other sources, which have them as written. */
            @Override
            public String[] getPropertyNames() {
                return new String[0];
            }

            @Override
            public Object getProperty(String name) {
                return texts.get(ConfigurationPropertyName.adapt(name, '.'));
            }
        });
    }

    @Override
    public BindHandler apply(BindHandler handler) {
        return new AbstractBindHandler(handler) {
            @Override
            public Object onSuccess(
                    ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
                Object bound = super.onSuccess(name, target, context, result);
                Between range = target.getAnnotation(Between.class);
                if (range != null) {
                    SettingChecks.requireBetween(
                            name.toString(), bound, context.getConfigurationProperty().getValue(), range);
                }
                String text = PREFIX.isAncestorOf(name) ? text(bound) : null;
                if (text != null) {
                    texts.put(name, text);
                }
                return bound;
            }
        };
    }

    /** Returns {@code null} for a secret and for a group of settings. */
    private static String text(Object value) {
        if (value instanceof Collection<?> list) {
            List<String> texts = list.stream().map(BoundSettings::text).toList();
            return texts.contains(null) ? null : String.join(",", texts);
        }
        Object plain = value instanceof Enum<?> constant ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-')
                : value instanceof Duration duration ? Long.valueOf(duration.toMillis())
                : value instanceof DataSize size ? Long.valueOf(size.toBytes()) : value;
        return BeanUtils.isSimpleValueType(plain.getClass()) ? plain.toString() : null;
    }
}
