package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The generation that {@code routes rollback} chooses without a number. */
class RollbackWithoutNumberTest {

    /** @param history generations as number, files, and number of the generation whose files came back */
    private static Status status(String history) {
        List<Served> newestFirst = Stream.of(history.split(" ")).map(each -> each.split("[:<]"))
                .map(each -> new Served(Integer.parseInt(each[0]), each[1], Instant.EPOCH, "test", null,
                        each.length == 2 ? null : Integer.valueOf(each[2]), null, null, null, null))
                .sorted(Comparator.comparing(Served::number).reversed()).toList();
        return new Status(newestFirst.get(0), null, null, null, List.of(), true, "", true, null, null, newestFirst,
                null, null);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "leads to the last generation with other files, 1:a 2:b 3:c 4:c, 2",
        "never leads to what was undone,                1:a 2:b 3:harmful 4:b<2, 1",
        "returns to what was active after an edit,      1:a 2:b 3:harmful 4:b<2 5:c, 4",
        "skips what was undone in between,              1:a 2:b 3:harmful 4:b<2 5:c 6:b<2, 1",
        "leads further with each step,                  1:a 2:b 3:c 4:b<2, 1",
        "files chosen again have their own past,        1:z 2:a 3:b 4:c 5:a<2 6:c<4, 3"})
    void leadsToTheLastActiveSetWithOtherFilesThatNobodyHasUndone(String rule, String history, int expected) {
        assertThat(status(history).before().number()).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "after the first generation,                    1:a 2:b 3:c 4:b<2 5:a<1",
        "after what was undone before the same files,   1:a 2:harmful 3:a<1 4:a"})
    void leadsNowhereWithoutSuchASet(String rule, String history) {
        assertThatIllegalStateException().isThrownBy(status(history)::before)
                .withMessageContaining("`routes rollback N`");
    }
}
