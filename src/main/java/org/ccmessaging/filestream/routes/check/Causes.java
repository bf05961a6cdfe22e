package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.NoSuchLanguageException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.ResolveEndpointFailedException;
import org.ccmessaging.filestream.routes.sandbox.ClosedException;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.springframework.beans.factory.BeanCreationException;

/** Says in an author's words why Camel could not make a step. */
final class Causes {

    private static final Pattern UNKNOWN_OPTIONS = Pattern.compile("Unknown parameters=\\[\\{(.*)}]");
    private static final Pattern NO_PROPERTY = Pattern.compile("Property with key \\[([^]]+)]");
    private static final Pattern NO_COMPONENT = Pattern.compile("No component found with scheme: ([\\w.+-]+)");
    private static final Pattern NO_DATA_FORMAT = Pattern.compile(
            "(?i)data ?format '?([\\w-]+)'? (could not|not found)");
    private static final Pattern NO_PART = Pattern.compile("Cannot find camel-[\\w-]+");
    private static final Pattern PACKAGES = Pattern.compile("\\b(?:[a-z_][\\w]*\\.)+([A-Z]\\w*)");
    private static final Pattern OBJECT = Pattern.compile("@[0-9a-f]{5,}");
    private static final Pattern NEEDED = Pattern.compile("Option (\\w+) is required .* with syntax ([\\w.+-]+):");
    private static final Pattern NOISE = Pattern.compile("(?i)^(java\\.lang\\.)?\\w*Exception: ");
    private static final int LONGEST = 200;

    private final Vocabulary known;

    Causes(Vocabulary known) {
        this.known = known;
    }

    /**
     * Why.
     *
     * @param code the rule's code
     * @param message what is wrong, without the step's name
     * @param hint what to do, or {@code null}
     * @param about a word by which to find the place within the step, or {@code null}
     */
    record Cause(String code, String message, String hint, String about) {
    }

    /**
     * One cause, or more where Camel names several at once.
     *
     * @throws InvalidSettingException if that is the cause: the routes are not to blame
     */
    List<Cause> classify(Exception fault) {
        List<Throwable> chain = of(fault).toList();
        chain.stream().filter(InvalidSettingException.class::isInstance).map(InvalidSettingException.class::cast)
                .forEach(setting -> {
                    throw setting;
                });
        for (int i = chain.size() - 1; i >= 0; i--) {
            List<Cause> causes = named(chain.get(i), chain);
            if (!causes.isEmpty()) {
                return causes;
            }
        }
        String text = rootText(fault);
        return List.of(new Cause("R030", text, NO_PART.matcher(text).find()
                ? "the jar does not have it: docs/connectors.md says how to add a connector" : null, null));
    }

    /** An exception and its causes, from the outer to the inner. */
    static Stream<Throwable> of(Throwable fault) {
        return Stream.iterate(fault, Objects::nonNull, Throwable::getCause).limit(LONGEST);
    }

    /** What the innermost cause says, in one line and without packages. */
    static String rootText(Throwable fault) {
        Throwable root = of(fault).reduce((outer, inner) -> inner).orElse(fault);
        return root.getMessage() == null ? root.getClass().getSimpleName() : plain(root.getMessage());
    }

    static String plain(String message) {
        String first = NOISE.matcher(message.lines().findFirst().orElse("")).replaceFirst("");
        String line = OBJECT.matcher(PACKAGES.matcher(first).replaceAll("$1")).replaceAll("").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }

    private List<Cause> named(Throwable cause, List<Throwable> chain) {
        String message = Objects.requireNonNullElse(cause.getMessage(), "");
        if (cause instanceof ClosedException closed) {
            return List.of(closed(closed));
        }
        if (cause instanceof NoSuchBeanException bean && bean.getName() != null) {
            return List.of(bean(bean.getName()));
        }
        if (cause instanceof BeanCreationException bean) {
            return List.of(new Cause("R030", "bean \"" + bean.getBeanName() + "\" cannot be made: " + rootText(cause),
                    null, bean.getBeanName()));
        }
        if (cause instanceof NoSuchLanguageException language) {
            return List.of(language(language.getLanguage()));
        }
        if (cause instanceof ClassNotFoundException) {
            return List.of(type(message));
        }
        if (cause instanceof ExpressionIllegalSyntaxException) {
            return List.of(new Cause("R035", plain(message), null, null));
        }
        if (cause instanceof NoSuchEndpointException || NO_COMPONENT.matcher(message).find()) {
            return List.of(component(cause, message));
        }
        Matcher property = NO_PROPERTY.matcher(message);
        if (property.find()) {
            return List.of(placeholder(property.group(1)));
        }
        Matcher format = NO_DATA_FORMAT.matcher(message);
        if (format.find()) {
            return List.of(new Cause("R034", "no data format \"" + format.group(1) + "\"", null, format.group(1)));
        }
        return option(cause, message, chain);
    }

    private static Cause closed(ClosedException closed) {
        String code = switch (closed.what()) {
            case COMPONENT -> "R115";
            case LANGUAGE -> "R116";
            case CLASS -> "R124";
            case SETTING -> "R119";
        };
        return new Cause(code, closed.getMessage(), null, null);
    }

    Cause bean(String name) {
        Collection<String> steps = known.steps();
        if (known.isBean(name)) {
            return new Cause("R031", "bean \"" + name + "\" is of another kind than this step needs",
                    "`routes list beans` names the steps", name);
        }
        String all = "`routes list beans` names all " + steps.size();
        return new Cause("R031", "no bean \"" + name + "\"", Names.nearest(name, steps)
                .or(() -> Names.nearest(name, known.beans())).filter(known::isBean)
                .map(near -> "did you mean " + near + "? " + all).orElse(all), name);
    }

    Cause component(String scheme) {
        return new Cause("R032", "no component \"" + scheme + "\"",
                Names.didYouMean(scheme, known.components(), "`routes list components` names those that are there"),
                scheme);
    }

    private Cause component(Throwable cause, String message) {
        Matcher scheme = NO_COMPONENT.matcher(message);
        String uri = cause instanceof NoSuchEndpointException endpoint ? endpoint.getUri() : "";
        return component(scheme.find() ? scheme.group(1) : uri.split("[:?]")[0]);
    }

    Cause language(String name) {
        return new Cause("R034", "no language \"" + name + "\"", null, name);
    }

    Cause type(String name) {
        String simple = name.substring(name.lastIndexOf('.') + 1);
        Optional<String> near = Names.nearest(simple, known.failures());
        return new Cause("R037", "no class \"" + name + "\"", near.map(failure -> failure.equals(simple)
                ? "it is in another package: `routes list failures` has the complete names"
                : "did you mean " + failure + "? `routes list failures` has the complete names").orElse(null), name);
    }

    /** @param fault what Camel said */
    Cause placeholder(String key, Exception fault) {
        return of(fault).filter(ClosedException.class::isInstance).map(ClosedException.class::cast)
                .map(Causes::closed).findFirst().orElseGet(() -> placeholder(key));
    }

    Cause placeholder(String key) {
        return new Cause("R036", "placeholder {{" + key + "}} has no value",
                Names.didYouMean(key, known.settings(), null), "{{" + key);
    }

    private List<Cause> option(Throwable cause, String message, List<Throwable> chain) {
        Matcher unknown = UNKNOWN_OPTIONS.matcher(message);
        if (unknown.find()) {
            String scheme = chain.stream().filter(ResolveEndpointFailedException.class::isInstance)
                    .map(ResolveEndpointFailedException.class::cast).findFirst()
                    .map(endpoint -> endpoint.getUri().split("[:?]")[0]).orElse("");
            return Arrays.stream(unknown.group(1).split(", ")).map(option -> option.split("=")[0])
                    .map(option -> new Cause("R033", "component " + scheme + " has no option \"" + option + "\"",
                            Names.didYouMean(option, known.options(scheme), null), option)).toList();
        }
        Matcher needed = NEEDED.matcher(message);
        if (needed.find()) {
            return List.of(new Cause("R033", "component " + needed.group(2) + " needs option \"" + needed.group(1)
                    + "\"", null, needed.group(2)));
        }
        List<Cause> causes = new ArrayList<>();
        if (cause instanceof PropertyBindingException option) {
            causes.add(new Cause("R033", "option \"" + option.getPropertyName() + "\" cannot be \"" + option.getValue()
                    + "\"", null, option.getPropertyName()));
        } else if (cause instanceof ResolveEndpointFailedException endpoint) {
            causes.add(new Cause("R033", plain(rootText(endpoint)), null, null));
        }
        return causes;
    }
}
