package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ccmessaging.filestream.observe.RecentDownloads.Counts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions to roll back a new generation. */
class WatchTest {

    /** {@code 100/3 local=2 standard=0} is 100 downloads, of which 3 failed, and the downloads that broke. */
    private static Counts counts(String text) {
        String[] parts = text.strip().split(" +");
        Map<String, Long> broken = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] branch = parts[i].split("=");
            broken.put(branch[0], Long.parseLong(branch[1]));
        }
        String[] all = parts[0].split("/");
        return new Counts(Long.parseLong(all[0]), Long.parseLong(all[1]), broken);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            nothing happened                                 | 0/0     | 0/0     | false
            all is well                                      | 100/0   | 100/0   | false
            four failures are too few, whatever their share  | 1000/0  | 4/4     | false
            five failures of five                            | 1000/0  | 5/5     | true
            five failures of five, and nothing before        | 0/0     | 5/5     | true
            a share of 5 % is not beyond the margin          | 100/0   | 100/5   | false
            a share of 6 % is                                | 100/0   | 100/6   | true
            many failures of very many downloads             | 1000/0  | 1000/49 | false
            it failed as much before                         | 100/50  | 100/50  | false
            it failed more before                            | 100/50  | 100/10  | false
            it fails more than it did before, a little       | 100/50  | 100/54  | false
            it fails more than it did before, and much       | 100/50  | 100/60  | true
            """)
    void shareOfFailuresDecides(String name, String before, String since, boolean back) {
        assertThat(Watch.reasonToGoBack(counts(before), counts(since)).isPresent()).isEqualTo(back);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            one store of two is down    | 100/0          | 100/0 local=0 standard=50  | false
            all branches break          | 100/0          | 100/0 local=20 standard=20 | true
            a branch that nobody used   | 100/0 local=0  | 100/0 standard=20          | true
            they broke as much before   | 100/0 local=20 | 100/0 local=20             | false
            no branch was reached       | 100/0          | 100/0                      | false
            broken and failed, together | 100/0          | 100/3 local=2 standard=2   | true
            failed, and one store down  | 100/0          | 100/3 local=0 standard=50  | false
            """)
    void brokenDownloadsCountOnlyIfEachBranchThatWasUsedHasThem(
            String name, String before, String since, boolean back) {
        assertThat(Watch.reasonToGoBack(counts(before), counts(since)).isPresent()).isEqualTo(back);
    }

    @Test
    void reasonNamesTheFigures() {
        assertThat(Watch.reasonToGoBack(counts("1000/2"), counts("40/7"))).contains(
                "7 of 40 downloads failed through the service since the change (17.5 %; 0.2 % before)");
    }
}
