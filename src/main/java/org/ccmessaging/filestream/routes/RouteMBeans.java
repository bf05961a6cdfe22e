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

    /** Changes a Camel context that has not started. Without JMX it does nothing. */
    static void replaceThoseOf(CamelContext camel) {
        if (camel.getManagementStrategy() instanceof JmxManagementStrategy jmx) {
            new JmxManagementStrategyFactory().setupManagement(camel, jmx, new RouteMBeans(camel));
        }
    }

    /** Keeps MBeans out of the timer of load statistics, which are off. Camel could not remove them from it. */
    @Override
    protected void manageObject(Object bean) throws Exception {
        getCamelContext().getManagementStrategy().manageObject(bean);
    }

    /** Leaves out the steps of clauses, which Camel would keep because they belong to no single route. */
    @Override
    protected boolean registerProcessor(ProcessorDefinition<?> step) {
        return ProcessorDefinitionHelper.getRoute(step) != null && super.registerProcessor(step);
    }
}
