package org.ccmessaging.filestream.routes.language;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Processor;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.DataFormatFactory;
import org.apache.camel.spi.Language;
import org.apache.camel.spi.PropertiesComponent;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * The beans that routes can name: step beans, beans that expressions call, and values of options of components and data
 * formats. Camel finds its own parts by their types, except those that it binds to one context. If generations of
 * routes shared components, {@code direct} would find the consumers of another generation.
 */
final class ListedBeans implements BeanRepository {

    private static final String CAMEL = "org.apache.camel.";

    private static final List<Class<?>> BOUND_TO_ONE_CONTEXT = List.of(CamelContext.class, Component.class,
            DataFormat.class, Language.class, PropertiesComponent.class);

    private final BeanRepository all;

    /** Found only together with a type: a route could call the S3 client or a mapper that it got by name. */
    private final Set<String> options;

    private final Set<String> called;

    ListedBeans(BeanRepository all, RouteLanguage language) {
        this.all = all;
        this.options = language.optionBeans();
        this.called = language.calledBeans();
    }

    @Override
    public Object lookupByName(String name) {
        Object bean = name == null || options.contains(name) ? null : all.lookupByName(name);
        boolean step = bean instanceof Processor
                && AnnotatedElementUtils.hasAnnotation(bean.getClass(), RouteStep.class);
        // Camel asks for the factory of a data format without naming a type.
        return called.contains(name) || step || bean instanceof DataFormatFactory ? bean : null;
    }

    @Override
    public <T> T lookupByNameAndType(String name, Class<T> type) {
        if (type == Object.class || type == Processor.class) {
            return type.cast(lookupByName(name));
        }
        boolean found = options.contains(name) || called.contains(name) || type.getName().startsWith(CAMEL);
        T bean = found && !isBound(type) ? all.lookupByNameAndType(name, type) : null;
        return bean == null || isBound(bean.getClass()) ? null : bean;
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

    private static boolean isBound(Class<?> type) {
        return BOUND_TO_ONE_CONTEXT.stream().anyMatch(bound -> bound.isAssignableFrom(type));
    }
}
