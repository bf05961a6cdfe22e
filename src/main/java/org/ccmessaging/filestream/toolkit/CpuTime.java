package org.ccmessaging.filestream.toolkit;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/** CPU time since a moment. It tells a busy machine from a server that is silent: a thread that waits uses no CPU. */
public final class CpuTime {

    /** Waiting takes less than a fiftieth of a processor. Computing gets more, unless very many others compute. */
    private static final int WAITING = 50;

    private final LongSupplier used;
    private final long usedBefore;
    private final long since = System.nanoTime();

    private CpuTime(LongSupplier used) {
        this.used = used;
        this.usedBefore = used.getAsLong();
    }

    /** Starts to count the CPU time of the calling thread. */
    public static CpuTime ofThisThread() {
        long id = Thread.currentThread().getId();
        return new CpuTime(() -> ManagementFactory.getThreadMXBean().getThreadCpuTime(id));
    }

    /** Starts to count the CPU time of this process. */
    public static CpuTime ofThisProcess() {
        return new CpuTime(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)::getProcessCpuTime);
    }

    /** Starts again for the same thread or process. */
    public CpuTime again() {
        return new CpuTime(used);
    }

    /** Returns whether the thread or process computed, and did not only wait. */
    public boolean computed() {
        return (used.getAsLong() - usedBefore) * WAITING > System.nanoTime() - since;
    }
}
