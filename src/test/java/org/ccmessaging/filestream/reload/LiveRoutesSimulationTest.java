package org.ccmessaging.filestream.reload;

import org.ccmessaging.filestream.support.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs the simulated lives of many installations: edits, operators, customers and ends of processes in every order.
 * After each move, the invariants of live routes must hold. docs/reliability.md has the number of seeds that find each
 * fault.
 */
class LiveRoutesSimulationTest {

    private static final int SEEDS = 5_000;

    @Test
    void whatMustHoldHoldsInEveryOrder() {
        Seeds.hold(SEEDS, Simulation::new);
    }

    @ParameterizedTest
    @EnumSource
    @DisabledIfSystemProperty(named = "seed", matches = ".+")
    void faultThatIsPutBackIsFoundAndItsSeedFindsItAgainInTheSameWay(Fault fault) {
        Seeds.find(fault.text, SEEDS, fault.lives);
    }
}
