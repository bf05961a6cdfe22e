package org.ccmessaging.filestream.routes.sandbox;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.engine.DefaultBeanIntrospection;
import org.apache.camel.spi.BeanIntrospection;
import org.apache.camel.spi.Registry;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.env.Environment;

/**
 * Finds the parts of an endpoint and of a bean by which an option such as {@code configuration.region} goes, and none
 * that leads out: {@code log:x?camelContext.propertiesComponent.propertiesParser=…} would open every setting to all
 * routes.
 */
final class ClosedOptions extends DefaultBeanIntrospection {

    private static final List<Class<?>> LEAD_OUT = List.of(CamelContext.class, Registry.class, Exchange.class,
            Class.class, ClassLoader.class, BeanFactory.class, Environment.class);

    private ClosedOptions() {
    }

    static void close(CamelContext context) {
        context.getCamelContextExtension().addContextPlugin(BeanIntrospection.class, new ClosedOptions());
    }

    /** @throws ClosedException if the part leads out of its endpoint or bean */
    @Override
    public Object getOrElseProperty(Object target, String property, Object defaultValue, boolean ignoreCase) {
        Object part = super.getOrElseProperty(target, property, defaultValue, ignoreCase);
        if (LEAD_OUT.stream().anyMatch(type -> type.isInstance(part))) {
            throw new ClosedException(ClosedException.What.SETTING, "option " + property + ".… is not open to routes:"
                    + " it leads out of the endpoint or bean");
        }
        return part;
    }
}
