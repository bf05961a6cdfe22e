package org.ccmessaging.filestream.toolkit;

import java.beans.Introspector;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/**
 * Registers a bean for each step of the service and of the jars in {@code lib/}.
 *
 * @since 0.2.0
 */
public final class RouteSteps implements ImportBeanDefinitionRegistrar {

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        AnnotatedBeanDefinitionReader reader = new AnnotatedBeanDefinitionReader(registry);
        classes().forEach(type -> reader.registerBean(type, name(type)));
    }

    /** Returns the annotation of each step bean by the bean's name. */
    public static Map<String, RouteStep> all() {
        Map<String, RouteStep> steps = new TreeMap<>();
        classes().forEach(type -> steps.put(name(type), type.getAnnotation(RouteStep.class)));
        return Collections.unmodifiableMap(steps);
    }

    private static Stream<Class<?>> classes() {
        ClassLoader loader = ClassUtils.getDefaultClassLoader();
        return StreamSupport.stream(ImportCandidates.load(RouteStep.class, loader).spliterator(), false).distinct()
                .<Class<?>>map(name -> ClassUtils.resolveClassName(name, loader)).peek(type -> {
                    if (!type.isAnnotationPresent(RouteStep.class)) {
                        throw new IllegalStateException(type.getName() + " is listed as a step of routes and has no"
                                + " annotation @RouteStep");
                    }
                });
    }

    private static String name(Class<?> step) {
        return Introspector.decapitalize(step.getSimpleName());
    }
}
