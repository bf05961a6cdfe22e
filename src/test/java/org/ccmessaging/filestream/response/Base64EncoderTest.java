package org.ccmessaging.filestream.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Both encoders, also the one that this JVM does not use. */
class Base64EncoderTest {

    static List<Base64Encoder> encoders() {
        return List.of(new Base64Slices(), new Base64Pairs());
    }

    static Stream<Arguments> encodersAndCounts() {
        IntStream counts = IntStream.concat(IntStream.range(0, 30), IntStream.of(3071, 3072, 3073, 3074, 3075, 6143,
                6144, 6145, 49_151, 49_152, 100_000));
        return counts.boxed().flatMap(count -> encoders().stream().map(encoder -> Arguments.of(encoder, count)));
    }

    @ParameterizedTest
    @MethodSource("encodersAndCounts")
    void writesWhatJavaWritesAndNothingBeside(Base64Encoder base64, int count) {
        byte[] source = Stage.content(count + 10);
        byte[] expected = Base64.getEncoder().encode(Arrays.copyOf(source, count));
        byte[] target = new byte[expected.length + 20];

        int length = base64.encode(source, count, target, 7);

        assertThat(length).isEqualTo(expected.length).isEqualTo(Base64Encoder.encodedLength(count));
        assertThat(Arrays.copyOfRange(target, 7, 7 + length)).isEqualTo(expected);
        assertThat(Arrays.copyOf(target, 7)).containsOnly(0);
        assertThat(Arrays.copyOfRange(target, 7 + length, target.length)).containsOnly(0);
    }

    @ParameterizedTest
    @MethodSource("encodersAndCounts")
    void needsNoMoreThanTheBytesAndTheirCharacters(Base64Encoder base64, int count) {
        byte[] source = Stage.content(count);
        byte[] target = new byte[Base64Encoder.encodedLength(count)];

        base64.encode(source, count, target, 0);

        assertThat(target).isEqualTo(Base64.getEncoder().encode(source));
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void everyPairOfCharactersIsRightInEveryPosition(Base64Encoder base64) {
        int pairs = 1 << 12;
        ByteBuffer source = ByteBuffer.allocate(pairs * 6 + 2);
        for (int bits = 0; bits < pairs; bits++) {
            long other = pairs - 1 - bits;
            source.putShort((short) (bits << 4 | other >> 8));
            source.putInt((int) ((other & 0xFF) << 24 | (long) bits << 12 | other));
        }
        byte[] target = new byte[Base64Encoder.encodedLength(source.capacity())];

        base64.encode(source.array(), source.capacity(), target, 0);

        assertThat(target).isEqualTo(Base64.getEncoder().encode(source.array()));
    }
}
