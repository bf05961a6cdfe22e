package org.ccmessaging.filestream.routes.language;

import java.util.Map;
import java.util.Set;
import org.apache.camel.Processor;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.DataFormatFactory;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * The beans that have a name for routes: step beans, what expressions call, and the options of a component and a data
 * format. Camel finds its own parts by type, or by a type of its own.
 */
final class ListedBeans implements BeanRepository {

    private static final String CAMEL = "org.apache.camel.";

    private final BeanRepository all;

    /** Who had these by name alone would call them: the client sends requests, a mapper writes files. */
    private final Set<String> options;

    private final Set<String> called;

    ListedBeans(BeanRepository all, RouteLanguage language) {
        this.all = all;
        this.options = language.optionBeans();
        this.called = language.calledBeans();
    }

    /** Returns whether a bean is a step of routes. */
    static boolean isStep(Object bean) {
        return bean instanceof Processor && AnnotatedElementUtils.hasAnnotation(bean.getClass(), RouteStep.class);
    }

    @Override
    public Object lookupByName(String name) {
        Object bean = name == null || options.contains(name) ? null : all.lookupByName(name);
        // Camel asks for the factory of a data format without naming a type.
        return called.contains(name) || isStep(bean) || bean instanceof DataFormatFactory ? bean : null;
    }

    @Override
    public <T> T lookupByNameAndType(String name, Class<T> type) {
        if (type == Object.class || type == Processor.class) {
            return type.cast(lookupByName(name));
        }
        return options.contains(name) || called.contains(name) || type.getName().startsWith(CAMEL)
                ? all.lookupByNameAndType(name, type) : null;
    }

    @Override
    public <T> Map<String, T> findByTypeWithName(Class<T> type) {
        return all.findByTypeWithName(type);
    }

    @Override
    public <T> Set<T> findByType(Class<T> type) {
        return all.findByType(type);
    }
}
