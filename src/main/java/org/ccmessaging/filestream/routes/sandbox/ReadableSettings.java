package org.ccmessaging.filestream.routes.sandbox;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.Spelling;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.stereotype.Component;

/**
 * Which settings routes may read as <code>{{key}}</code>. A route can send or log what it reads, so it reads no secret,
 * and nothing of the environment that no configuration file mentions, unless {@code filestream.routes.expose} lists it.
 */
@Component
class ReadableSettings {

    /** Flat names of settings of other makers that hold secrets, such as Spring Boot's and Camel's own. */
    private static final Pattern SECRET_NAME = Pattern.compile(
            "password|passphrase|secret|token$|credential|privatekey|accesskey|signingkey|apikey");

    private static final String OURS = "filestream.";

    private final ConfigurableEnvironment environment;
    private final RoutesSettings settings;
    private final List<Pattern> secrets;

    ReadableSettings(ApplicationContext context, ConfigurableEnvironment environment, RoutesSettings settings) {
        this.environment = environment;
        this.settings = settings;
        this.secrets = secrets(context);
    }

    /** The flat keys of settings whose type is {@link Secret}, as the settings classes declare them. */
    private static List<Pattern> secrets(ApplicationContext context) {
        List<Pattern> secrets = new ArrayList<>();
        for (String bean : context.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            Class<?> type = context.getType(bean, false);
            ConfigurationProperties group = context.findAnnotationOnBean(bean, ConfigurationProperties.class, false);
            if (type != null && type.isRecord() && group != null && group.prefix().startsWith(OURS)) {
                addSecrets(type, Spelling.flat(group.prefix()), secrets);
            }
        }
        return List.copyOf(secrets);
    }

    private static void addSecrets(Class<?> group, String prefix, List<Pattern> secrets) {
        for (RecordComponent component : group.getRecordComponents()) {
            String key = prefix + Spelling.flat(component.getName());
            Class<?> type = component.getType();
            if (type == Secret.class) {
                secrets.add(Pattern.compile(key));
            } else if (type.isRecord()) {
                addSecrets(type, key, secrets);
            } else if (component.getGenericType() instanceof ParameterizedType map) {
                Type[] arguments = map.getActualTypeArguments();
                if (arguments[arguments.length - 1] instanceof Class<?> value && value.isRecord()) {
                    addSecrets(value, key + ".+", secrets);
                }
            }
        }
    }

    /** Why routes may not read the setting of this key; {@code null} if they may. */
    String refusal(String key) {
        if (settings.expose().contains(key)) {
            return null;
        }
        String flat = Spelling.flat(key);
        if (secrets.stream().anyMatch(secret -> secret.matcher(flat).matches()) || SECRET_NAME.matcher(flat).find()) {
            return "{{" + key + "}}: routes cannot read a secret";
        }
        return key.startsWith(OURS) || isInAFile(key) ? null : "{{" + key + "}}: no configuration file has it, and"
                + " routes read environment variables and system properties only if filestream.routes.expose lists"
                + " them";
    }

    private boolean isInAFile(String key) {
        for (PropertySource<?> source : environment.getPropertySources()) {
            boolean environmentOrSystem = source instanceof SystemEnvironmentPropertySource
                    || source.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)
                    // All sources in one, for relaxed names.
                    || source.getName().equals("configurationProperties");
            if (!environmentOrSystem && source.getProperty(key) != null) {
                return true;
            }
        }
        return false;
    }

    /** Whether routes may read an environment variable or system property through Simple. */
    boolean isExposed(String name) {
        return settings.expose().contains(name);
    }
}
