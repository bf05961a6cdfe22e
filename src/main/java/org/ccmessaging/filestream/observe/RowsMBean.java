package org.ccmessaging.filestream.observe;

import java.lang.management.ManagementFactory;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * An MBean whose attributes come and go. Hawtio shows the attributes of an MBean as the rows of a table, and the value
 * of one as a single line, whatever its type (decision 0022). Nobody can set an attribute.
 */
public abstract class RowsMBean implements DynamicMBean, InitializingBean, DisposableBean {

    private final ObjectName name;

    /** @param name of the MBean */
    protected RowsMBean(String name) {
        try {
            this.name = new ObjectName(name);
        } catch (JMException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    /** The name of an attribute that is a row. */
    protected static String row(int rank) {
        return "%03d".formatted(rank);
    }

    /** Returns the row of an attribute, from 1; 0 if it is not a row. */
    protected static int rank(String attribute) {
        return attribute.matches("\\d{3}") ? Integer.parseInt(attribute) : 0;
    }

    @Override
    public final void afterPropertiesSet() throws JMException {
        ManagementFactory.getPlatformMBeanServer().registerMBean(this, name);
    }

    @Override
    public final void destroy() throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        if (server.isRegistered(name)) {
            server.unregisterMBean(name);
        }
    }

    @Override
    public abstract Object getAttribute(String attribute) throws AttributeNotFoundException;

    @Override
    public final AttributeList getAttributes(String[] attributes) {
        AttributeList found = new AttributeList();
        for (String attribute : attributes) {
            try {
                found.add(new Attribute(attribute, getAttribute(attribute)));
            } catch (AttributeNotFoundException unknown) {
                // DynamicMBean leaves out what does not exist.
            }
        }
        return found;
    }

    @Override
    public final void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException(attribute.getName());
    }

    @Override
    public final AttributeList setAttributes(AttributeList attributes) {
        return new AttributeList();
    }

    /** Has no operations unless a subclass has them. */
    @Override
    public Object invoke(String operation, Object[] arguments, String[] signature)
            throws MBeanException, ReflectionException {
        throw new ReflectionException(new NoSuchMethodException(operation));
    }
}
