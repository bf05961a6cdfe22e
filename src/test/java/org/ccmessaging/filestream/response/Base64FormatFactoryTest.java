package org.ccmessaging.filestream.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.Base64;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.dataformat.Base64DataFormat;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The encoder of this service, and {@code marshal: base64} in a route, which uses it. */
class Base64FormatFactoryTest {

    @AutoClose("stop")
    private static final CamelContext CAMEL = new DefaultCamelContext();

    @BeforeAll
    static void start() throws Exception {
        CAMEL.getRegistry().bind("base64-dataformat-factory", new Base64FormatFactory());
        add("one-line", new Base64DataFormat.Builder().lineLength("0"));
        add("lines", new Base64DataFormat.Builder().lineLength("76"));
        add("url-safe", new Base64DataFormat.Builder().lineLength("0").urlSafe("true"));
        CAMEL.start();
    }

    private static void add(String route, Base64DataFormat.Builder format) throws Exception {
        RouteBuilder.addRoutes(CAMEL, routes -> routes.from("direct:" + route).marshal(format.end()));
    }

    private static byte[] send(String route, Object body) {
        return CAMEL.createProducerTemplate().requestBody("direct:" + route, body, byte[].class);
    }

    @Test
    void bytesBecomeOneLineAndTheStockFormatMakesShortLinesAndUrlSafeCharacters() {
        byte[] file = Stage.content(262_144);

        assertThat(send("one-line", file)).isEqualTo(Base64.getEncoder().encode(file));
        assertThat(send("one-line", new ByteArrayInputStream(file))).isEqualTo(Base64.getEncoder().encode(file));
        assertThat(new String(send("lines", file)).lines()).allMatch(line -> line.length() <= 76).hasSizeGreaterThan(1);
        assertThat(new String(send("url-safe", file))).contains("_", "-").doesNotContain("/", "+");
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
