package org.ccmessaging.filestream.settings;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.unit.DataSize;

/**
 * Binds settings and collects all wrong ones for one report. In place of a wrong value it binds the default, since a
 * settings class throws at its first wrong value and does not look at the next one.
 */
final class SettingFaults extends AbstractBindHandler {

    private static final String DEFAULTS = "class path resource [application.yaml]";

    private final List<InvalidSettingException> faults = new ArrayList<>();
    private final Set<ConfigurationPropertyName> names = new HashSet<>();
    private final List<String> brokenOff = new ArrayList<>();
    private final ConfigurableEnvironment environment;
    private final Binder binder;
    private final Binder defaults;

    SettingFaults(ConfigurableEnvironment environment) {
        this.environment = environment;
        this.binder = Binder.get(environment, this);
        this.defaults = new Binder(environment.getPropertySources().stream()
                .filter(source -> source.getName().contains(DEFAULTS)).findFirst()
                .map(ConfigurationPropertySources::from).orElse(List.of(new MapConfigurationPropertySource())));
    }

    /**
     * Binds a setting, or all settings below a prefix. Returns {@code null} if nothing sets them, or if they are wrong
     * and have no defaults: without a value, a further check could report what is correct.
     */
    <T> T bind(String prefix, Bindable<T> settings) {
        int before;
        do {
            before = faults.size();
            try {
                return settings.getType().toClass().isRecord() ? binder.bindOrCreate(prefix, settings)
                        : binder.bind(prefix, settings).orElse(null);
            } catch (BindException wrong) {
                if (faults.isEmpty()) {
                    throw wrong;
                }
                if (!wrong.getTarget().getType().toClass().isRecord()) {
                    brokenOff.add(prefix);
                }
            }
        } while (faults.size() > before && hasDefault(faults.get(before).key()));
        return null;
    }

    private boolean hasDefault(String key) {
        return defaults.bind(ConfigurationPropertyName.adapt(key, '.'), Bindable.of(String.class)).isBound();
    }

    /** Runs a check, and adds what it throws. */
    void check(Runnable check) {
        try {
            check.run();
        } catch (InvalidSettingException fault) {
            add(fault);
        } catch (RuntimeException missing) {
            // A check of several settings fails if one of them could not be bound.
            if (faults.isEmpty()) {
                throw missing;
            }
        }
    }

    void add(InvalidSettingException fault) {
        if (fault.key().isEmpty() || !isWrong(fault.key())) {
            faults.add(fault);
        }
    }

    private boolean isWrong(String key) {
        return faults.stream().anyMatch(fault -> fault.key().equals(key));
    }

    /** Returns the names that the binder looked for, whether they are set or not. */
    Set<ConfigurationPropertyName> names() {
        return names;
    }

    /** Returns whether the binder looked for all names that a variable may have. A value of a wrong kind stops it. */
    boolean isComplete(String variable) {
        return brokenOff.stream().noneMatch(prefix -> variable.startsWith(SettingKeys.variable(prefix + ".")));
    }

    @Override
    public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
        names.add(name);
        return target;
    }

    @Override
    public Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
        return isWrong(name.toString()) ? defaults.bind(name, target).orElse(null) : result;
    }

    @Override
    public Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error)
            throws Exception {
        Stream.<Throwable>iterate(error, Objects::nonNull, Throwable::getCause)
                .filter(InvalidSettingException.class::isInstance).map(InvalidSettingException.class::cast).findFirst()
                .or(() -> Optional.ofNullable(context.getConfigurationProperty())
                        .filter(property -> property.getName().equals(name))
                        .map(property -> ofAnotherKind(name.toString(), property.getValue(), target)))
                .ifPresent(this::add);
        if (isWrong(name.toString()) && hasDefault(name.toString())) {
            return defaults.bind(name, target).get();
        }
        throw error;
    }

    private static InvalidSettingException ofAnotherKind(String key, Object value, Bindable<?> target) {
        return new InvalidSettingException(key,
                InvalidSettingReport.SECRET.matcher(key).matches() ? "(not shown)" : value,
                kind(target.getType().toClass()));
    }

    private static String kind(Class<?> type) {
        return type.isEnum() ? "one of " + Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-')).toList()
                : Map.of(Duration.class, "a duration such as 5s", DataSize.class, "a size such as 10MB",
                        URI.class, "an http or https address", boolean.class, "true or false",
                        int.class, "a whole number", Integer.class, "a whole number",
                        BigDecimal.class, "a number")
                        .getOrDefault(type, "another kind of value");
    }

    /** @throws InvalidSettingException for all faults, if there are any, each with the place where it was set */
    void require() {
        if (!faults.isEmpty()) {
            throw new InvalidSettingException(faults, this::place);
        }
    }

    /** Returns the file and the line, or the variable, that sets a key, in parentheses; empty if nothing does. */
    private String place(String key) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(key, '.');
        return StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false)
                .map(source -> source.getConfigurationProperty(name)).filter(Objects::nonNull).findFirst()
                .map(property -> " (set in " + shown(property.getOrigin()) + ")").orElse("");
    }

    /** Returns a place in the form {@code config/application.yaml:12}. */
    static String shown(Origin origin) {
        return String.valueOf(origin)
                .replaceFirst("^(?:URL |file |class path resource )\\[(?:file:)?(.*)] - (\\d+):\\d+$", "$1:$2")
                .replaceFirst("^.*from property source ", "").replace("\"", "");
    }
}
