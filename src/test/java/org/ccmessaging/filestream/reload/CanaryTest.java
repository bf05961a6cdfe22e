package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions to roll back a canary. */
class CanaryTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            nothing happened                                     |    0 |    0 | 10 | false
            four sessions are too few                            |    4 |    0 | 10 | false
            five sessions, and none of nine times as many others |    5 |    0 | 10 | true
            the share of the canary                              |   10 |   90 | 10 | false
            the share of the canary of very many                 | 1000 | 9000 | 10 | false
            twice the share of a hundred                         |   20 |   80 | 10 | false
            three times the share of a hundred                   |   30 |   70 | 10 | true
            a fifth more of very many                            | 1200 | 8800 | 10 | true
            a store that is down for all, and the edit fails all |  100 |  100 | 10 | true
            only the others fail                                 |    0 |  500 | 10 | false
            half of the sessions, and one of many others         |   18 |    0 | 50 | true
            half of the sessions, a few                          |   10 |    0 | 50 | false
            one of a hundred, three sessions                     |    3 |    0 |  1 | true
            one of a hundred, two sessions                       |    2 |    0 |  1 | false
            """)
    void shareOfTheSessionsWithFailuresDecides(String name, int canary, int others, int percent, boolean harm) {
        assertThat(Canary.isHarm(canary, others, percent)).isEqualTo(harm);
    }

    /** Looks after each failing session, 500 times a canary, and expects at most 2 of 20,000. */
    @Test
    void harmlessEditIsRolledBackAtMostOnceInTenThousandCanariesHoweverOftenTheServiceLooks() {
        Random chance = new Random(39);
        int rolledBack = 0;
        for (int i = 0; i < 20_000; i++) {
            int canary = 0;
            for (int seen = 1; seen <= 500; seen++) {
                canary += chance.nextInt(100) < 10 ? 1 : 0;
                if (canary >= 5 && Canary.isHarm(canary, seen - canary, 10)) {
                    rolledBack++;
                    break;
                }
            }
        }
        assertThat(rolledBack).isLessThanOrEqualTo(2);
    }
}
