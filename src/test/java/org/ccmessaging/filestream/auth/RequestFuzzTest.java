package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.admission.CheckRequest;
import org.ccmessaging.filestream.failure.FileTypeOutOfRangeException;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.Variables;

/** Whatever bytes a request's body is, it is a request or one of the failures that a clause of the contract has. */
class RequestFuzzTest {

    private static final CamelContext CAMEL = new DefaultCamelContext();
    private static final DownloadSettings SETTINGS =
            ShippedSettings.of("filestream.download", DownloadSettings.class, Map.of());
    private static final ReadBody READ_BODY = new ReadBody(SETTINGS);
    private static final ParseRequest PARSE_REQUEST = new ParseRequest();
    private static final CheckRequest CHECK = new CheckRequest(SETTINGS);

    /** Parsing 64 KiB takes milliseconds; this is a machine that does something else for a while. */
    private static final long LONGEST_NANOS = 10_000_000_000L;

    private static final String[] PIECES = {"{", "}", "[", "]", ",", ":", "\"fileId\"", "\"channel\"", "\"WEB\"",
        "\"fileType\"", "\"txt\"", "\"multiMedia\"", "\"\"", "null", "true", "-0", "1e400", "1e-400", "0x1", "NaN",
        "\"\\u0000\"", "\"\\uD800\"",
        "\"\\", "\"a\":1,\"a\":2", "'x'", "/*x*/", "//x\n", "#", " ", "\n", "\t", "\u0000", "\u00a0",
        "\ufeff", "\ud83d\ude00",
        "\"\u2028\"", "99999999999999999999999999", "{\"x\":[{\"y\":{}}]}", "\"__proto__\"",
        "\"@class\":\"java.lang.Object\""};

    private static Exchange request(InputStream body) {
        Exchange exchange = new DefaultExchange(CAMEL);
        ClientRequest.keep(exchange, Map.of(), body, null);
        Proved.tenant(exchange, "demo");
        return exchange;
    }

    private static void assertContract(byte[] body) {
        long start = System.nanoTime();
        Exchange exchange = request(new ByteArrayInputStream(body));
        try {
            READ_BODY.process(exchange);
            PARSE_REQUEST.process(exchange);
            CHECK.process(exchange);
            assertThat(exchange.getVariable("request", DownloadRequest.class).channel()).isEqualTo("WEB");
        } catch (InvalidRequestException fault) {
            assertThat(fault.getMessage()).isNotBlank().doesNotContain("com.fasterxml", "java.", "\n", "\r");
        } catch (FileTypeOutOfRangeException fileType) {
            assertThat(exchange.getVariable("request", DownloadRequest.class).channel()).isEqualTo("WEB");
        } catch (Exception other) {
            throw new AssertionError("no clause for " + other, other);
        }
        assertThat(System.nanoTime() - start).isLessThan(LONGEST_NANOS);
    }

    @Property
    void anyBytes(@ForAll byte[] body) {
        assertContract(body);
    }

    @Property
    void anyText(@ForAll String body) {
        assertContract(body.getBytes(StandardCharsets.UTF_8));
    }

    @Property
    void piecesOfJsonInAnyOrder(@ForAll("pieces") String body) {
        assertContract(body.getBytes(StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of(PIECES).list().ofMaxSize(30).map(all -> String.join("", all));
    }

    @Property
    void rightRequestWithAFewOtherBytes(@ForAll long seed) {
        Random random = new Random(seed);
        String right = """
                {"fileId":"local/\u00e4","channel":"WEB","fileType":"txt","multiMedia":"","x":[1]}""";
        byte[] body = right.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i <= random.nextInt(3); i++) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        assertContract(body);
    }

    @Property(tries = 100)
    void anyDepthAndAnyLength(@ForAll("pieces") String piece, @ForAll("times") int times) {
        assertContract(("{\"a\":" + "[".repeat(times) + piece).getBytes(StandardCharsets.UTF_8));
        assertContract("{\"a\":".repeat(times).getBytes(StandardCharsets.UTF_8));
        assertContract(("{\"a\":" + "9".repeat(times) + ",\"" + "n".repeat(times) + "\":1}")
                .getBytes(StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<Integer> times() {
        return Arbitraries.integers().between(1, 70_000);
    }

    /** A name of 9,000 characters, given twice, once made a response header too large to send. */
    @Example
    void longNameGivenTwice() {
        String name = "\"" + "n".repeat(9_000) + "\":1";
        assertContract(("{" + name + "," + name + "}").getBytes(StandardCharsets.UTF_8));
    }

    /** The next request of the customer arrives while the body of the first one is incomplete. */
    @Example
    void routeThatRewritesTheCustomerHasTheBoundOfTheVerifiedOne() {
        ReadBody one = new ReadBody(ShippedSettings.of("filestream.download", DownloadSettings.class,
                Map.of("filestream.download.max-in-flight-per-session", "1")));
        Exchange second = request(InputStream.nullInputStream());
        second.setVariable(Variables.CUSTOMER, new Customer("demo", "web", "somebody else"));
        Exchange first = request(new InputStream() {
            @Override
            public int read() {
                one.process(second);
                return -1;
            }
        });
        first.removeVariable(Variables.CUSTOMER);

        assertThatThrownBy(() -> one.process(first)).isInstanceOf(ServiceBusyException.class)
                .hasMessageStartingWith("session-bodies");
    }
}
