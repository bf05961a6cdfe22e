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

    /** Makes a Camel context that has not started use this class. Does nothing if JMX is off. */
    static void replaceThoseOf(CamelContext camel) {
        if (camel.getManagementStrategy() instanceof JmxManagementStrategy jmx) {
            new JmxManagementStrategyFactory().setupManagement(camel, jmx, new RouteMBeans(camel));
        }
    }

    /** Registers a bean without the timer of load statistics (off here), because the timer keeps removed beans. */
    @Override
    protected void manageObject(Object bean) throws Exception {
        getCamelContext().getManagementStrategy().manageObject(bean);
    }

    /** Registers no MBeans for steps of clauses: these steps belong to no route, and Camel would keep the MBeans. */
    @Override
    protected boolean registerProcessor(ProcessorDefinition<?> step) {
        return ProcessorDefinitionHelper.getRoute(step) != null && super.registerProcessor(step);
    }
}
