package org.ccmessaging.filestream.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/**
 * The MBean {@code org.ccmessaging:type=Failures}: the last downloads that failed. Each is an attribute, {@code 001}
 * the newest. A download that succeeds does not come here, and one that fails waits for no lock.
 */
@Component
@ConditionalOnBooleanProperty("hawtio.enabled")
class Failures extends RowsMBean {

    static final String NAME = "org.ccmessaging:type=Failures";

    /** How many failures it remembers, of some 1 KB each. */
    static final int MOST = 100;

    /** How many there were since the start. */
    static final String SEEN = "Seen";

    private final AtomicReferenceArray<Failure> last = new AtomicReferenceArray<>(MOST);
    private final AtomicLong seen = new AtomicLong();

    Failures() {
        super(NAME);
    }

    /** Remembers a failure in place of the oldest. */
    void add(Failure failure) {
        last.set((int) (seen.getAndIncrement() % MOST), failure);
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        int shown = (int) Math.min(seen.get(), MOST);
        MBeanAttributeInfo[] attributes = new MBeanAttributeInfo[shown + 1];
        for (int rank = 1; rank <= shown; rank++) {
            attributes[rank - 1] = new MBeanAttributeInfo(row(rank), String.class.getName(),
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
        int rank = rank(attribute);
        long number = seen.get() - rank;
        if (rank < 1 || rank > MOST || number < 0) {
            throw new AttributeNotFoundException(attribute);
        }
        return String.valueOf(last.get((int) (number % MOST)));
    }
}
