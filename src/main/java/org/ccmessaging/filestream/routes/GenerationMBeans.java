package org.ccmessaging.filestream.routes;

import java.util.LinkedHashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.management.DefaultManagementAgent;
import org.apache.camel.spi.ManagementAgent;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the MBeans of a generation. All generations have the same Camel name, so that meters and traces continue.
 * In the console each has its own name: the active generation has the usual one. A generation that has never been
 * active is not shown.
 */
final class GenerationMBeans extends DefaultManagementAgent {

    private static final Logger LOG = LoggerFactory.getLogger(GenerationMBeans.class);

    private static final String CONTEXT = "context";

    /** Camel's agent, which registers the MBeans that are shown; {@code null} without a console. */
    private final ManagementAgent own;

    private final Map<ObjectName, Object> all = new LinkedHashMap<>();

    /** The name of the generation in the console; {@code null} until it is active. */
    private String shown;

    private GenerationMBeans(CamelContext camel, ManagementAgent own) {
        super(camel);
        this.own = own;
    }

    /** Replaces Camel's agent in a context that has one. */
    static GenerationMBeans of(CamelContext camel) {
        ManagementAgent own = camel.getManagementStrategy().getManagementAgent();
        GenerationMBeans mbeans = new GenerationMBeans(camel, own);
        if (own != null) {
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
                    own.unregister(shown(each));
                }
            }
            shown = name;
            for (Map.Entry<ObjectName, Object> each : all.entrySet()) {
                own.register(each.getValue(), shown(each.getKey()));
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
            own.register(mbean, shown(name), force);
        }
    }

    @Override
    public synchronized void unregister(ObjectName name) throws JMException {
        all.remove(name);
        if (shown != null) {
            own.unregister(shown(name));
        }
    }

    @Override
    public synchronized boolean isRegistered(ObjectName name) {
        return all.containsKey(name);
    }

    @Override
    public synchronized <T> T newProxyClient(ObjectName name, Class<T> type) {
        return shown == null ? null : own.newProxyClient(shown(name), type);
    }

    @Override
    public MBeanServer getMBeanServer() {
        return own.getMBeanServer();
    }

    @Override
    protected void doStart() {
        ServiceHelper.startService(own);
    }

    @Override
    protected void doStop() {
        ServiceHelper.stopService(own);
    }

    private ObjectName shown(ObjectName name) {
        try {
            return new ObjectName(name.getDomain() + ":" + name.getKeyPropertyListString().replace(
                    CONTEXT + "=" + name.getKeyProperty(CONTEXT), CONTEXT + "=" + shown));
        } catch (JMException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
