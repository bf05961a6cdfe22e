package org.ccmessaging.filestream.observe;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * An MBean whose attributes come and go. Hawtio shows the attributes of an MBean as the rows of a table, and the value
 * of one as a single line, whatever its type (decision 0022). Nobody can set an attribute.
 */
public abstract class RowsMBean implements DynamicMBean, InitializingBean, DisposableBean {

    private final String name;

    protected RowsMBean(String name) {
        this.name = name;
    }

    /** The name of an attribute that is a row. */
    protected static String row(int rank) {
        return "%03d".formatted(rank);
    }

    @Override
    public final void afterPropertiesSet() throws JMException {
        ManagementFactory.getPlatformMBeanServer().registerMBean(this, new ObjectName(name));
    }

    @Override
    public final void destroy() throws JMException {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(name));
    }

    /** The attributes by their names, in the order in which a table shows them. */
    protected abstract Map<String, Object> values();

    @Override
    public final Object getAttribute(String attribute) throws AttributeNotFoundException {
        Object value = values().get(attribute);
        if (value == null) {
            throw new AttributeNotFoundException(attribute);
        }
        return value;
    }

    /** @param others descriptions of attributes that are not rows, by their names; the name describes the rest */
    protected final MBeanAttributeInfo[] attributes(String row, Map<String, String> others) {
        return values().entrySet().stream().map(value -> new MBeanAttributeInfo(value.getKey(),
                value.getValue().getClass().getName(), value.getKey().matches("\\d{3}") ? row
                        : others.getOrDefault(value.getKey(), value.getKey()), true, false, false))
                .toArray(MBeanAttributeInfo[]::new);
    }

    @Override
    public final AttributeList getAttributes(String[] attributes) {
        Map<String, Object> values = values();
        // DynamicMBean leaves out what does not exist.
        return new AttributeList(Stream.of(attributes).filter(values::containsKey)
                .map(attribute -> new Attribute(attribute, values.get(attribute))).toList());
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
