package org.ccmessaging.filestream.observe;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/**
 * The MBean {@code org.ccmessaging:type=Failures}: the last downloads that failed. Each is an attribute, {@code 001}
 * the newest, because Hawtio shows the attributes of an MBean as the rows of a table, and the value of one as a single
 * line, whatever its type. A download that succeeds does not come here, and one that fails waits for no lock.
 */
@Component
@ConditionalOnBooleanProperty("hawtio.enabled")
class Failures implements DynamicMBean, InitializingBean, DisposableBean {

    static final String NAME = "org.ccmessaging:type=Failures";

    /** How many failures it remembers, of some 1 KB each. */
    static final int MOST = 100;

    /** How many there were since the start. */
    static final String SEEN = "Seen";

    private final AtomicReferenceArray<Failure> last = new AtomicReferenceArray<>(MOST);
    private final AtomicLong seen = new AtomicLong();
    private final ObjectName name = name();

    private static ObjectName name() {
        try {
            return new ObjectName(NAME);
        } catch (JMException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Remembers a failure in place of the oldest. */
    void add(Failure failure) {
        last.set((int) (seen.getAndIncrement() % MOST), failure);
    }

    @Override
    public void afterPropertiesSet() throws JMException {
        ManagementFactory.getPlatformMBeanServer().registerMBean(this, name);
    }

    @Override
    public void destroy() throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        if (server.isRegistered(name)) {
            server.unregisterMBean(name);
        }
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        int shown = (int) Math.min(seen.get(), MOST);
        MBeanAttributeInfo[] attributes = new MBeanAttributeInfo[shown + 1];
        for (int rank = 1; rank <= shown; rank++) {
            attributes[rank - 1] = new MBeanAttributeInfo("%03d".formatted(rank), String.class.getName(),
                    "A download that failed; 001 is the newest", true, false, false);
        }
        attributes[shown] = new MBeanAttributeInfo(SEEN, Long.class.getName(),
                "How many downloads have failed since the start", true, false, false);
        return new MBeanInfo(getClass().getName(), "The last " + MOST + " downloads that failed", attributes, null,
                null, null);
    }

    @Override
    public Object getAttribute(String attribute) throws AttributeNotFoundException {
        if (attribute.equals(SEEN)) {
            return seen.get();
        }
        int rank = attribute.matches("\\d{3}") ? Integer.parseInt(attribute) : 0;
        long number = seen.get() - rank;
        if (rank < 1 || rank > MOST || number < 0) {
            throw new AttributeNotFoundException(attribute);
        }
        return String.valueOf(last.get((int) (number % MOST)));
    }

    @Override
    public AttributeList getAttributes(String[] attributes) {
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
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException(attribute.getName());
    }

    @Override
    public AttributeList setAttributes(AttributeList attributes) {
        return new AttributeList();
    }

    @Override
    public Object invoke(String operation, Object[] arguments, String[] signature) throws ReflectionException {
        throw new ReflectionException(new NoSuchMethodException(operation));
    }
}
