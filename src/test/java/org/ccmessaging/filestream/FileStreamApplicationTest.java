package org.ccmessaging.filestream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

/** What the process sets for itself before it starts. */
class FileStreamApplicationTest {

    @Test
    void virtualThreadsHaveTwoCarriersForEachProcessor() {
        Properties system = new Properties();

        FileStreamApplication.addCarriers(system, 4);

        assertThat(system).hasSize(1).containsEntry("jdk.virtualThreadScheduler.parallelism", "8");
    }

    @Test
    void carriersOfWhoeverStartsTheProcessWin() {
        Properties system = new Properties();
        system.setProperty(FileStreamApplication.CARRIERS, "3");

        FileStreamApplication.addCarriers(system, 4);

        assertThat(system).containsEntry(FileStreamApplication.CARRIERS, "3");
    }
}
