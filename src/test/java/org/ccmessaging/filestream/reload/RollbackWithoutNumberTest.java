package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.junit.jupiter.api.Test;

/** The generation that {@code routes rollback} chooses without a number. */
class RollbackWithoutNumberTest {

    private final List<Served> history = new ArrayList<>();

    private RollbackWithoutNumberTest served(int number, String files) {
        return served(number, files, null);
    }

    private RollbackWithoutNumberTest served(int number, String files, Integer backTo) {
        history.add(0, new Served(number, files, Instant.EPOCH, "test", null, backTo, null, null, null, null));
        return this;
    }

    private int before() {
        return new LiveRoutes.Status(history.get(0), null, null, null, List.of(), true, "", true, null, null, history,
                null, null)
                .before().number();
    }

    @Test
    void leadsToTheLastGenerationWithOtherFiles() {
        assertThat(served(1, "a").served(2, "b").served(3, "c").served(4, "c").before()).isEqualTo(2);
    }

    @Test
    void neverLeadsToWhatTheWatchHasUndone() {
        served(1, "a").served(2, "b").served(3, "harmful").served(4, "b", 2);
        assertThat(before()).isEqualTo(1);

        served(5, "c");
        assertThat(before()).isEqualTo(4);

        served(6, "b", 2);
        assertThat(before()).isEqualTo(1);
    }

    @Test
    void leadsFurtherWithEachStep() {
        served(1, "a").served(2, "b").served(3, "c").served(4, "b", 2);
        assertThat(before()).isEqualTo(1);

        served(5, "a", 1);
        assertThatIllegalStateException().isThrownBy(this::before).withMessageContaining("`routes rollback N`");
    }

    @Test
    void skipsWhatWasUndoneBeforeFilesThatServeAgain() {
        served(1, "a").served(2, "harmful").served(3, "a", 1).served(4, "a");
        assertThatIllegalStateException().isThrownBy(this::before);
    }

    @Test
    void whatWasChosenAgainHasItsOwnPast() {
        served(1, "z").served(2, "a").served(3, "b").served(4, "c").served(5, "a", 2).served(6, "c", 4);
        assertThat(before()).isEqualTo(3);
    }
}
