package org.ccmessaging.filestream.reliability;

import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every fault of a store at every border of the sizes: a client gets the row that {@link StoreFault} promises, or the
 * exact file. Afterwards the service holds nothing more than before.
 */
@Tag("full")
@Tag("jar")
class FaultMatrixIT {

    /** Nothing; around what is encoded in memory; around one and two chunks; and a size of many. */
    private static final List<Integer> SIZES = List.of(0, 1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 48 * 1024 - 1,
            48 * 1024, 48 * 1024 + 1, 96 * 1024, 96 * 1024 + 1, 1024 * 1024);

    @AutoClose
    private static FaultMatrix matrix;

    @BeforeAll
    static void start() throws Exception {
        matrix = new FaultMatrix(Stage::impatientJar, 0);
    }

    @TestFactory
    Stream<DynamicTest> storeThatFailsGivesItsRowOrTheExactFile() throws InterruptedException {
        return matrix.tests(SIZES);
    }
}
