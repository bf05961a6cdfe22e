package org.ccmessaging.filestream.routes;

import java.util.LinkedHashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.management.DefaultManagementAgent;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the MBeans of a generation. All generations have the same Camel name, so that meters and traces continue.
 * In the console each has its own name: the active generation has the usual one. A generation that has never got a
 * request is not shown.
 */
final class GenerationMBeans extends DefaultManagementAgent {

    private static final Logger LOG = LoggerFactory.getLogger(GenerationMBeans.class);

    private static final String CONTEXT = "context";

    private final Map<ObjectName, Object> all = new LinkedHashMap<>();

    /** The name of the generation in the console; {@code null} until it is active. */
    private String shown;

    private GenerationMBeans(CamelContext camel) {
        super(camel);
    }

    /** Replaces Camel's agent in a context. Camel creates an agent only if JMX is on, which the console turns on. */
    static GenerationMBeans of(CamelContext camel) {
        GenerationMBeans mbeans = new GenerationMBeans(camel);
        if (camel.getManagementStrategy().getManagementAgent() != null) {
            camel.getManagementStrategy().setManagementAgent(mbeans);
            ServiceHelper.startService(mbeans);
        }
        return mbeans;
    }

    /** Shows all MBeans under a name, and no longer under the previous one. */
    synchronized void showAs(String name) {
        try {
            if (shown != null) {
                for (ObjectName each : all.keySet()) {
                    super.unregister(shown(each));
                }
            }
            shown = name;
            for (Map.Entry<ObjectName, Object> each : all.entrySet()) {
                super.register(each.getValue(), shown(each.getKey()), false);
            }
        } catch (JMException failed) {
            // Requests do not need the console.
            LOG.warn("The console does not show all of {}", name, failed);
        }
    }

    @Override
    public synchronized void register(Object mbean, ObjectName name, boolean force) throws JMException {
        all.put(name, mbean);
        if (shown != null) {
            super.register(mbean, shown(name), force);
        }
    }

    @Override
    public synchronized void unregister(ObjectName name) throws JMException {
        all.remove(name);
        if (shown != null) {
            super.unregister(shown(name));
        }
    }

    /** Returns whether an MBean has the name; before any is shown, under the name that it would have. */
    @Override
    public synchronized boolean isRegistered(ObjectName name) {
        return shown == null ? all.containsKey(name) : super.isRegistered(shown(name));
    }

    @Override
    public synchronized <T> T newProxyClient(ObjectName name, Class<T> type) {
        return super.newProxyClient(shown(name), type);
    }

    private ObjectName shown(ObjectName name) {
        try {
            String keys = name.getKeyPropertyListString().replace(
                    CONTEXT + "=" + name.getKeyProperty(CONTEXT), CONTEXT + "=" + shown);
            return new ObjectName(name.getDomain() + ":" + (!CONTEXT.equals(name.getKeyProperty("type")) ? keys
                    : keys.replace(name.getKeyProperty("name"), ObjectName.quote(shown))));
        } catch (JMException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
