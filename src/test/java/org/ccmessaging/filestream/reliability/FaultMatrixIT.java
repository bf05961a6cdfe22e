package org.ccmessaging.filestream.reliability;

import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;

/** Every fault of a store at every border of the sizes, for the packaged jar. */
@Tag("full")
@Tag("jar")
class FaultMatrixIT extends FaultMatrix {

    /** Nothing; around what is encoded in memory; around one and two chunks; and a size of many. */
    private static final List<Integer> SIZES = List.of(0, 1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 48 * 1024 - 1,
            48 * 1024, 48 * 1024 + 1, 96 * 1024, 96 * 1024 + 1, 1024 * 1024);

    FaultMatrixIT() {
        super(SIZES, 0);
    }

    @Override
    protected Stage start(Map<String, Object> settings) throws Exception {
        return Stage.impatientJar(settings);
    }
}
