package org.ccmessaging.filestream.routes.check;

import java.lang.reflect.Array;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Component;
import org.apache.camel.Processor;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.Language;
import org.apache.camel.spi.RestConfiguration;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.springframework.beans.BeanInstantiationException;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.objenesis.SpringObjenesis;

/**
 * Supplies beans to the temporary Camel context of a check. Replaces a bean by an object of the same type if the bean
 * is not created yet or could hold this context. Skips most constructors, because they may need a secret or a store.
 */
final class StandInBeans implements BeanRepository {

    private final ConfigurableListableBeanFactory beans;
    private final SpringObjenesis objects = new SpringObjenesis();

    StandInBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    Map<String, RouteStep> steps() {
        Map<String, RouteStep> steps = new TreeMap<>();
        names(Processor.class).forEach(name ->
                steps.computeIfAbsent(name, one -> beans.findAnnotationOnBean(one, RouteStep.class, false)));
        return steps;
    }

    Set<String> names(Class<?> type) {
        return Set.of(beans.getBeanNamesForType(type, true, false));
    }

    @Override
    public Object lookupByName(String name) {
        return lookupByNameAndType(name, Object.class);
    }

    @Override
    public <T> T lookupByNameAndType(String name, Class<T> type) {
        Class<?> actual = beans.containsBean(name) ? beans.getType(name, false) : null;
        return actual != null && type.isAssignableFrom(actual) ? type.cast(standIn(name, actual)) : null;
    }

    @Override
    public <T> Map<String, T> findByTypeWithName(Class<T> type) {
        Map<String, T> found = new LinkedHashMap<>();
        names(type).forEach(name -> found.computeIfAbsent(name, one -> lookupByNameAndType(one, type)));
        return found;
    }

    @Override
    public <T> Set<T> findByType(Class<T> type) {
        return Set.copyOf(findByTypeWithName(type).values());
    }

    private Object standIn(String name, Class<?> type) {
        if (Component.class.isAssignableFrom(type) || DataFormat.class.isAssignableFrom(type)
                || Language.class.isAssignableFrom(type) || RestConfiguration.class.isAssignableFrom(type)) {
            return fresh(type);
        } else if (beans.containsSingleton(name) && !CamelContextAware.class.isAssignableFrom(type)
                && !Processor.class.isAssignableFrom(type)) {
            return beans.getSingleton(name);
        } else if (type.isInterface() || type.isHidden()) {
            // Only a proxy can replace a lambda, because the class of a lambda is hidden.
            return Proxy.newProxyInstance(type.getClassLoader(),
                    type.isInterface() ? new Class<?>[] {type} : type.getInterfaces(),
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        case "toString" -> name;
                        // Other methods, such as those of component customizers, do nothing.
                        default -> method.getReturnType() == void.class ? null
                                : Array.get(Array.newInstance(method.getReturnType(), 1), 0);
                    });
        }
        return Modifier.isAbstract(type.getModifiers()) ? null : objects.newInstance(type, true);
    }

    private static Object fresh(Class<?> type) {
        try {
            return BeanUtils.instantiateClass(type);
        } catch (BeanInstantiationException withArguments) {
            return null;
        }
    }
}
