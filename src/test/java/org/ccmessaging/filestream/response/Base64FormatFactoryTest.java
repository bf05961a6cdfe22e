package org.ccmessaging.filestream.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.Base64;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.dataformat.Base64DataFormat;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The encoder of this service, and {@code marshal: base64} in a route, which uses it. */
class Base64FormatFactoryTest {

    private static byte[] marshal(Base64DataFormat.Builder format, Object body) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("base64-dataformat-factory", new Base64FormatFactory());
            RouteBuilder.addRoutes(camel, routes -> routes.from("direct:marshal").marshal(format.end()));
            camel.start();
            return camel.createProducerTemplate().requestBody("direct:marshal", body, byte[].class);
        }
    }

    @Test
    void bytesBecomeOneLineAndTheStockFormatMakesShortLinesAndUrlSafeCharacters() throws Exception {
        byte[] file = Stage.content(262_144);
        byte[] base64 = Base64.getEncoder().encode(file);
        Base64DataFormat.Builder oneLine = new Base64DataFormat.Builder().lineLength("0");
        assertThat(marshal(oneLine, file)).isEqualTo(base64);
        assertThat(marshal(oneLine, new ByteArrayInputStream(file))).isEqualTo(base64);
        assertThat(new String(marshal(oneLine.urlSafe("true"), file))).contains("_", "-").doesNotContain("/", "+");
        assertThat(new String(marshal(new Base64DataFormat.Builder().lineLength("76"), file)).lines())
                .allMatch(line -> line.length() <= 76).hasSizeGreaterThan(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 3071, 3072, 3073, 3074, 3075, 6143, 6144, 6145, 49_151, 49_152, 100_000})
    void encoderWritesWhatJavaWritesAndNothingBeside(int count) {
        byte[] source = Stage.content(count + 10);
        byte[] expected = Base64.getEncoder().encode(Arrays.copyOf(source, count));
        byte[] target = new byte[expected.length + 20];

        int length = new Base64Encoder().encode(source, count, target);

        assertThat(length).isEqualTo(expected.length).isEqualTo(Base64Encoder.encodedLength(count));
        assertThat(Arrays.copyOf(target, length)).isEqualTo(expected);
        assertThat(Arrays.copyOfRange(target, length, target.length)).containsOnly(0);
    }
}
