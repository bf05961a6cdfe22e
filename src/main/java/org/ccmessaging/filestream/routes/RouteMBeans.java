package org.ccmessaging.filestream.routes;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.management.JmxManagementLifecycleStrategy;
import org.apache.camel.management.JmxManagementStrategy;
import org.apache.camel.management.JmxManagementStrategyFactory;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.spi.ManagementStrategy;

/**
 * Camel's MBeans, without those of removed routes. Camel unregisters an equal object in place of the one that it has
 * registered, and so would keep each route that ever was.
 */
final class RouteMBeans extends JmxManagementLifecycleStrategy {

    private final Map<ObjectName, Object> registered = new ConcurrentHashMap<>();

    private RouteMBeans(CamelContext camel) {
        super(camel);
    }

    /** Changes a Camel context that has not started. Without JMX it does nothing. */
    static void replaceThoseOf(CamelContext camel) {
        if (camel.getManagementStrategy() instanceof JmxManagementStrategy jmx) {
            new JmxManagementStrategyFactory().setupManagement(camel, jmx, new RouteMBeans(camel));
        }
    }

    private ObjectName name(Object bean) throws Exception {
        ManagementStrategy strategy = getCamelContext().getManagementStrategy();
        return strategy.getManagementObjectNameStrategy().getObjectName(bean);
    }

    @Override
    protected void manageObject(Object bean) throws Exception {
        super.manageObject(bean);
        ObjectName name = name(bean);
        if (name != null) {
            registered.put(name, bean);
        }
    }

    @Override
    protected void unmanageObject(Object bean) throws Exception {
        ObjectName name = name(bean);
        Object first = name == null ? null : registered.remove(name);
        super.unmanageObject(first == null ? bean : first);
    }

    /** Leaves out the steps of clauses, which Camel would keep because they belong to no single route. */
    @Override
    protected boolean registerProcessor(ProcessorDefinition<?> step) {
        return ProcessorDefinitionHelper.getRoute(step) != null && super.registerProcessor(step);
    }
}
