package org.ccmessaging.filestream.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import java.util.stream.IntStream;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Base64EncoderTest {

    static IntStream counts() {
        return IntStream.concat(IntStream.range(0, 30), IntStream.of(3071, 3072, 3073, 3074, 3075, 6143, 6144, 6145,
                49_151, 49_152, 100_000));
    }

    @ParameterizedTest
    @MethodSource("counts")
    void writesWhatJavaWritesAndNothingBeside(int count) {
        byte[] source = Stage.content(count + 10);
        byte[] expected = Base64.getEncoder().encode(Arrays.copyOf(source, count));
        byte[] target = new byte[expected.length + 20];

        int length = new Base64Encoder().encode(source, count, target);

        assertThat(length).isEqualTo(expected.length).isEqualTo(Base64Encoder.encodedLength(count));
        assertThat(Arrays.copyOf(target, length)).isEqualTo(expected);
        assertThat(Arrays.copyOfRange(target, length, target.length)).containsOnly(0);
    }
}
