package org.ccmessaging.filestream.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Base64SlicesTest {

    private final Base64Slices base64 = new Base64Slices();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 3071, 3072, 3073, 3074, 3075, 6143, 6144, 6145, 49_151, 49_152, 100_000})
    void slicesGiveWhatTheWholeGives(int count) {
        byte[] source = Stage.content(count + 10);
        byte[] expected = Base64.getEncoder().encode(Arrays.copyOf(source, count));
        byte[] target = new byte[expected.length + 20];

        int length = base64.encode(source, count, target, 7);

        assertThat(length).isEqualTo(expected.length).isEqualTo(Base64Slices.encodedLength(count));
        assertThat(Arrays.copyOfRange(target, 7, 7 + length)).isEqualTo(expected);
        assertThat(Arrays.copyOf(target, 7)).containsOnly(0);
        assertThat(Arrays.copyOfRange(target, 7 + length, target.length)).containsOnly(0);
    }
}
