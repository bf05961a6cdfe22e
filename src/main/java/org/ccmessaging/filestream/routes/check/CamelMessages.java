package org.ccmessaging.filestream.routes.check;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.Processor;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.util.ObjectHelper;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.function.ThrowingSupplier;

/** Turns each Camel exception into a short error for route authors. Suggests the correct spelling of unknown names. */
public final class CamelMessages {

    private static final Pattern PACKAGES = Pattern.compile("\\b(?:[a-z_][\\w]*\\.)+([A-Z]\\w*)");
    private static final Pattern OBJECT = Pattern.compile("@[0-9a-f]{5,}");
    private static final Pattern NOISE = Pattern.compile("(?i)^(java\\.lang\\.)?\\w*Exception: ");
    private static final Pattern COMPONENT =
            Pattern.compile("(?:component with scheme|No endpoint could be found for): ([\\w-]+)");
    private static final Pattern OPTION = Pattern.compile("Unknown parameters=\\[\\{([\\w.-]+)=");
    private static final Pattern SETTING = Pattern.compile("Property with key \\[(.*?)] not found");
    private static final Pattern UNKNOWN = Pattern.compile("^Un(?:known|supported) [\\w ]+: ([a-zA-Z-]+)$");
    /** Matches the name of a property in Camel's JSON schema of the YAML DSL. */
    private static final Pattern NAME = Pattern.compile("\"([a-z]\\w+)\" : \\{");
    private static final String CONNECTOR = "it needs a connector in lib/: docs/editing-routes.md#connectors";

    private final CamelContext camel;
    private final StandInBeans beans;
    private final ConfigurableEnvironment environment;
    private final RouteSet set;
    private final Report report;

    CamelMessages(CamelContext camel, StandInBeans beans, ConfigurableEnvironment environment, RouteSet set,
            Report report) {
        this.camel = camel;
        this.beans = beans;
        this.environment = environment;
        this.set = set;
        this.report = report;
    }

    /** Returns the first line of the innermost cause's message, without package names and hash codes. */
    public static String text(Throwable failure) {
        // Skips NoTypeConversionAvailableException, because only its wrapper exception names the value to convert.
        Throwable root = Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(each -> !(each instanceof NoTypeConversionAvailableException)).reduce((outer, inner) -> inner)
                .orElse(failure);
        String message = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        String first = NOISE.matcher(message.lines().findFirst().orElse("")).replaceFirst("");
        return OBJECT.matcher(PACKAGES.matcher(first).replaceAll("$1")).replaceAll("").strip();
    }

    private void report(MarkedYamlEngineException failure, Path file) {
        Place at = Place.of(file, failure.getProblemMark());
        Matcher unknown = UNKNOWN.matcher(failure.getProblem());
        // Camel reports the place of the unknown key, of its value, or of the map that contains the key.
        Value member = !unknown.find() ? null : set.lists().stream().flatMap(Value::withAllBelow)
                .filter(map -> map.place().equals(at) || map.get(unknown.group(1)).place().equals(at)
                        || map.get(unknown.group(1)).key().equals(at))
                .map(map -> map.get(unknown.group(1))).filter(Value::isPresent).findFirst().orElse(null);
        if (member == null) {
            report.error(at, failure.getProblem(), "most often a colon is missing, or the indentation is wrong");
        } else {
            Set<String> names = names();
            String what = names.remove(member.name()) ? " does not belong here" : " is unknown";
            report.error(member.key(), "\"" + member.name() + "\"" + what,
                    NearestName.didYouMean(member.name(), names, null));
        }
    }

    private static Set<String> names() {
        Resource schema = new ClassPathResource("schema/camelYamlDsl.json");
        return NAME.matcher(ThrowingSupplier.of(() -> schema.getContentAsString(StandardCharsets.UTF_8)).get())
                .results().map(name -> name.group(1)).collect(Collectors.toSet());
    }

    /** Reports a failure at the most exact known place, such as the step; at {@code otherwise} if no place is known. */
    void report(Throwable failure, Optional<Step> step, Place otherwise) {
        MarkedYamlEngineException unread = ObjectHelper.getException(MarkedYamlEngineException.class, failure);
        if (unread != null) {
            report(unread, otherwise.file());
            return;
        }
        String label = step.map(one -> one.label() + ": ").orElse("");
        String component = named(COMPONENT, failure);
        String option = named(OPTION, failure);
        String setting = named(SETTING, failure);
        TypeConversionException value = ObjectHelper.getException(TypeConversionException.class, failure);
        NoSuchBeanException bean = ObjectHelper.getException(NoSuchBeanException.class, failure);
        Place place = place(failure, option, value, step).orElse(otherwise);
        if (component != null) {
            report.error(place, label + "no component \"" + component + "\"",
                    NearestName.didYouMean(component, components(), CONNECTOR));
        } else if (setting != null) {
            Place written = set.lists().stream().flatMap(Value::withAllBelow)
                    .filter(text -> text.text().contains("{{" + setting)).map(Value::place).findFirst().orElse(place);
            report.error(written, "placeholder {{" + setting + "}} has no value: set it" + StepRules.RESTART,
                    NearestName.didYouMean(setting, settings(), null));
        } else if (option != null) {
            String scheme = ObjectHelper.getException(ResolveEndpointFailedException.class, failure).getUri()
                    .split(":", 2)[0];
            EndpointUriFactory factory = camel.getCamelContextExtension().getEndpointUriFactory(scheme);
            report.error(place, label + "unknown option \"" + option + "\" of component " + scheme,
                    NearestName.didYouMean(option, factory == null ? Set.of() : factory.propertyNames(), null));
        } else if (value != null && value.getToType().isEnum()) {
            report.error(place, label + "unknown value " + value.getValue(),
                    "use one of " + Arrays.toString(value.getToType().getEnumConstants()));
        } else if (bean != null && bean.getName() != null) {
            Class<?> type = text(failure).contains("Processor") ? Processor.class : Object.class;
            report.error(place, label + "no bean \"" + bean.getName() + "\"",
                    NearestName.didYouMean(bean.getName().replace("#", ""), beans.names(type), null));
        } else {
            report.error(place, label + text(failure), null);
        }
    }

    private Optional<Place> place(Throwable failure, String option, TypeConversionException value,
            Optional<Step> failed) {
        SimpleIllegalSyntaxException syntax =
                ObjectHelper.getException(SimpleIllegalSyntaxException.class, failure);
        Object wrong = syntax != null ? syntax.getExpression().strip() : value != null ? value.getValue() : null;
        Stream<Place> options = failed.stream().filter(step -> option != null).map(step -> {
            Value written = step.field("parameters").get(option);
            return written.isPresent() ? written.key() : step.endpoint().place();
        });
        Stream<Place> expressions = failed.map(Step::withAllBelow).orElseGet(set::allSteps)
                .flatMap(step -> step.value().texts()).filter(text -> text.text().strip().equals(wrong))
                .map(Value::place);
        return Stream.of(options, expressions, failed.stream().map(Step::place)).flatMap(each -> each).findFirst();
    }

    private static String named(Pattern pattern, Throwable failure) {
        Matcher matcher = pattern.matcher(String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure)));
        return matcher.find() ? matcher.group(1) : null;
    }

    private List<String> settings() {
        return environment.getPropertySources().stream().filter(EnumerablePropertySource.class::isInstance)
                .flatMap(source -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames())).toList();
    }

    private static Collection<String> components() {
        return Stream.of(ThrowingSupplier.of(() -> new PathMatchingResourcePatternResolver()
                .getResources("classpath*:META-INF/services/org/apache/camel/component/*")).get())
                .map(Resource::getFilename).collect(Collectors.toSet());
    }
}
