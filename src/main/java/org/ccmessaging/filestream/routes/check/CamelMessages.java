package org.ccmessaging.filestream.routes.check;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.Processor;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.util.ObjectHelper;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Shortens exceptions of Camel to one line for authors of routes, with the name that they may have meant. */
public final class CamelMessages {

    private static final Pattern PACKAGES = Pattern.compile("\\b(?:[a-z_][\\w]*\\.)+([A-Z]\\w*)");
    private static final Pattern OBJECT = Pattern.compile("@[0-9a-f]{5,}");
    private static final Pattern NOISE = Pattern.compile("(?i)^(java\\.lang\\.)?\\w*Exception: ");
    private static final Pattern COMPONENT =
            Pattern.compile("(?:component with scheme|No endpoint could be found for): ([\\w-]+)");
    private static final Pattern OPTION = Pattern.compile("Unknown parameters=\\[\\{([\\w.-]+)=");
    private static final String CONNECTOR = "it needs a connector in lib/: docs/editing-routes.md#connectors";

    private final CamelContext camel;
    private final StandInBeans beans;
    private final RouteSet set;
    private final Findings findings;

    CamelMessages(CamelContext camel, StandInBeans beans, RouteSet set, Findings findings) {
        this.camel = camel;
        this.beans = beans;
        this.set = set;
        this.findings = findings;
    }

    /** Returns the first line of the innermost cause's message, without packages. */
    public static String text(Throwable failure) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        String message = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        String first = NOISE.matcher(message.lines().findFirst().orElse("")).replaceFirst("");
        return OBJECT.matcher(PACKAGES.matcher(first).replaceAll("$1")).replaceAll("").strip();
    }

    /** Reports a failure: at an option, at an expression of Simple, at the step, or else at a place. */
    void report(Throwable failure, Optional<Step> step, Place otherwise) {
        String label = step.map(one -> one.label() + ": ").orElse("");
        String component = named(COMPONENT, failure);
        String option = named(OPTION, failure);
        NoSuchBeanException bean = ObjectHelper.getException(NoSuchBeanException.class, failure);
        Place place = place(failure, option, step).orElse(otherwise);
        if (component != null) {
            findings.error(place, label + "no component \"" + component + "\"",
                    NearestName.didYouMean(component, components(), CONNECTOR));
        } else if (option != null) {
            String scheme = ObjectHelper.getException(ResolveEndpointFailedException.class, failure).getUri()
                    .split(":", 2)[0];
            EndpointUriFactory factory = camel.getCamelContextExtension().getEndpointUriFactory(scheme);
            findings.error(place, label + "unknown option \"" + option + "\" of component " + scheme,
                    NearestName.didYouMean(option, factory == null ? Set.of() : factory.propertyNames(), null));
        } else if (bean != null && bean.getName() != null) {
            Class<?> type = text(failure).contains("Processor") ? Processor.class : Object.class;
            findings.error(place, label + "no bean \"" + bean.getName() + "\"",
                    NearestName.didYouMean(bean.getName().replace("#", ""), beans.names(type), null));
        } else {
            findings.error(place, label + text(failure), null);
        }
    }

    private Optional<Place> place(Throwable failure, String option, Optional<Step> failed) {
        SimpleIllegalSyntaxException syntax =
                ObjectHelper.getException(SimpleIllegalSyntaxException.class, failure);
        Stream<Place> options = failed.stream().filter(step -> option != null).map(step -> {
            Value written = step.field("parameters").get(option);
            return written.isPresent() ? written.key() : step.endpoint().place();
        });
        Stream<Place> expressions = failed.map(Step::withAllBelow).orElseGet(set::allSteps)
                .flatMap(step -> step.value().texts()).filter(text -> syntax != null
                        && text.text().strip().equals(syntax.getExpression().strip())).map(Value::place);
        return Stream.of(options, expressions, failed.stream().map(Step::place)).flatMap(each -> each).findFirst();
    }

    private static String named(Pattern pattern, Throwable failure) {
        Matcher matcher = pattern.matcher(String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure)));
        return matcher.find() ? matcher.group(1) : null;
    }

    /** Returns the schemes of the components on the class path. */
    private static Collection<String> components() {
        Set<String> schemes = new TreeSet<>();
        try {
            for (Resource component : new PathMatchingResourcePatternResolver()
                    .getResources("classpath*:META-INF/services/org/apache/camel/component/*")) {
                schemes.add(component.getFilename());
            }
        } catch (IOException unreadable) {
            // The message is clear without a suggestion.
        }
        return schemes;
    }
}
