package org.ccmessaging.filestream.routes;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.Language;
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.spring.spi.ApplicationContextBeanRepository;
import org.springframework.context.ApplicationContext;

/**
 * The beans that a generation of routes shares with the service: all but those that Camel binds to one context. If
 * generations shared components, {@code direct} would find the consumers of another generation.
 */
final class SharedBeans implements BeanRepository {

    private static final List<Class<?>> BOUND_TO_ONE_CONTEXT = List.of(CamelContext.class, Component.class,
            DataFormat.class, Language.class, PropertiesComponent.class);

    private final ApplicationContext application;
    private final BeanRepository all;

    SharedBeans(ApplicationContext application) {
        this.application = application;
        this.all = new ApplicationContextBeanRepository(application);
    }

    @Override
    public Object lookupByName(String name) {
        return isShared(name) ? all.lookupByName(name) : null;
    }

    @Override
    public <T> T lookupByNameAndType(String name, Class<T> type) {
        return isShared(name) ? all.lookupByNameAndType(name, type) : null;
    }

    @Override
    public <T> Map<String, T> findByTypeWithName(Class<T> type) {
        return isBound(type) ? Map.of() : all.findByTypeWithName(type).entrySet().stream()
                .filter(bean -> !isBound(bean.getValue().getClass()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public <T> Set<T> findByType(Class<T> type) {
        return Set.copyOf(findByTypeWithName(type).values());
    }

    private boolean isShared(String name) {
        Class<?> type = application.containsBean(name) ? application.getType(name) : null;
        return type != null && !isBound(type);
    }

    private static boolean isBound(Class<?> type) {
        return BOUND_TO_ONE_CONTEXT.stream().anyMatch(bound -> bound.isAssignableFrom(type));
    }
}
