package org.ccmessaging.filestream.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Both encoders write what Java's writes, for any bytes, any count and any offset. */
class Base64FuzzTest {

    @Property
    void writesWhatJavaWrites(@ForAll long seed, @ForAll @IntRange(max = 20_000) int count,
            @ForAll @IntRange(max = 9) int offset) {
        byte[] source = new byte[count + 5];
        new Random(seed).nextBytes(source);
        byte[] expected = Base64.getEncoder().encode(Arrays.copyOf(source, count));
        for (Base64Encoder base64 : List.of(new Base64Slices(), new Base64Pairs())) {
            byte[] target = new byte[offset + expected.length];

            assertThat(base64.encode(source, count, target, offset)).isEqualTo(expected.length);
            assertThat(Arrays.mismatch(target, offset, target.length, expected, 0, expected.length)).isEqualTo(-1);
        }
    }
}
