package org.ccmessaging.filestream.http.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

/** How many platform threads carry the virtual ones. */
class CarriersTest {

    @Test
    void virtualThreadsHaveTwoCarriersForEachProcessor() {
        Properties system = new Properties();

        Carriers.add(system, 4);

        assertThat(system).hasSize(1).containsEntry("jdk.virtualThreadScheduler.parallelism", "8");
    }

    @Test
    void operatorsNumberOfCarriersWins() {
        Properties system = new Properties();
        system.setProperty(Carriers.PROPERTY, "3");

        Carriers.add(system, 4);

        assertThat(system).containsEntry(Carriers.PROPERTY, "3");
    }
}
