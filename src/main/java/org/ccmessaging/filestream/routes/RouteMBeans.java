package org.ccmessaging.filestream.routes;

import org.apache.camel.CamelContext;
import org.apache.camel.management.JmxManagementLifecycleStrategy;
import org.apache.camel.management.JmxManagementStrategy;
import org.apache.camel.management.JmxManagementStrategyFactory;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;

/** Registers Camel's MBeans, except those that would keep removed routes in memory. */
final class RouteMBeans extends JmxManagementLifecycleStrategy {

    private RouteMBeans(CamelContext camel) {
        super(camel);
    }

    /** Makes a Camel context use this class. The context must not have started. */
    static void replaceThoseOf(CamelContext camel) {
        if (camel.getManagementStrategy() instanceof JmxManagementStrategy jmx) {
            new JmxManagementStrategyFactory().setupManagement(camel, jmx, new RouteMBeans(camel));
        }
    }

    /** Registers an MBean, but not with the timer of load statistics, which would keep removed routes in memory. */
    @Override
    protected void manageObject(Object bean) throws Exception {
        getCamelContext().getManagementStrategy().manageObject(bean);
    }

    /** Skips steps without a route, such as steps of {@code onException}: Camel would never remove their MBeans. */
    @Override
    protected boolean registerProcessor(ProcessorDefinition<?> step) {
        return ProcessorDefinitionHelper.getRoute(step) != null && super.registerProcessor(step);
    }
}
