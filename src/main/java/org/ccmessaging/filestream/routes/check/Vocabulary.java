package org.ccmessaging.filestream.routes.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.DocumentedFailure;
import org.ccmessaging.filestream.routes.sandbox.Sandbox;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The names that routes may use: of beans, components, options, failures and settings. */
public final class Vocabulary {

    private static final String OURS = "org.ccmessaging.filestream.";
    private static final String COMPONENTS = "META-INF/services/org/apache/camel/component/";

    private final ApplicationContext application;
    private final CamelContext camel;

    /**
     * @param application the service's beans and settings
     * @param camel a Camel context that is built
     */
    public Vocabulary(ApplicationContext application, CamelContext camel) {
        this.application = application;
        this.camel = camel;
    }

    /** The beans that step {@code process} can run, by name. */
    public Collection<String> steps() {
        return Arrays.stream(application.getBeanNamesForType(Processor.class, true, false)).filter(this::isOurs)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** All beans that routes can name. */
    Collection<String> beans() {
        return Arrays.stream(application.getBeanDefinitionNames()).filter(name -> !name.contains(".")).toList();
    }

    /** Whether there is a bean of this name. */
    public boolean isBean(String name) {
        return Sandbox.OPTIONS.contains(name) || camel.getRegistry().lookupByName(name) != null;
    }

    /** The components of Camel that are there, those in {@code lib/} included. */
    public Collection<String> components() {
        try {
            Set<String> names = new TreeSet<>();
            for (Resource file : new PathMatchingResourcePatternResolver(application.getClassLoader())
                    .getResources("classpath*:" + COMPONENTS + "*")) {
                names.add(String.valueOf(file.getFilename()));
            }
            return names;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the class path cannot be read", unreadable);
        }
    }

    /** Whether routes may use a component. */
    public boolean isOpen(String component) {
        return application.getBean(RoutesSettings.class).components().contains(component);
    }

    /** The options of a component's endpoints. */
    Collection<String> options(String scheme) {
        var endpoints = camel.getCamelContextExtension().getEndpointUriFactory(scheme);
        return endpoints == null ? List.of() : endpoints.propertyNames();
    }

    /** The failures of the contract, as simple names. */
    Collection<String> failures() {
        return failureClasses().stream().map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The classes of the failures of the contract. */
    public List<Class<?>> failureClasses() {
        String folder = DocumentedFailure.class.getPackageName();
        try {
            Resource[] classes = new PathMatchingResourcePatternResolver(application.getClassLoader())
                    .getResources("classpath*:" + folder.replace('.', '/') + "/*Exception.class");
            return Stream.of(classes).map(Resource::getFilename).map(String::valueOf)
                    .map(name -> folder + "." + name.replace(".class", "")).sorted()
                    .<Class<?>>map(name -> camel.getClassResolver().resolveClass(name)).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the class path cannot be read", unreadable);
        }
    }

    /** The keys of the service's settings, from all configuration that can be listed. */
    Collection<String> settings() {
        return ((ConfigurableEnvironment) application.getEnvironment()).getPropertySources().stream()
                .filter(EnumerablePropertySource.class::isInstance).map(EnumerablePropertySource.class::cast)
                .flatMap(source -> Arrays.stream(source.getPropertyNames()))
                .filter(key -> key.startsWith("filestream.")).collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean isOurs(String bean) {
        Class<?> type = application.getType(bean, false);
        return type != null && type.getName().startsWith(OURS);
    }
}
