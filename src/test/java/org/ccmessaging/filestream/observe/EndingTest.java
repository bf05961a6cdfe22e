package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.failure.IdentityMissingException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The ending of a download and the reason of a refusal, which metric, log and console read. */
class EndingTest {

    static Stream<Arguments> outcomes() {
        Exception unforeseen = new NullPointerException();
        return Stream.of(
                Arguments.of("a complete file", "0", Cause.NONE, null, Ending.SERVED),
                Arguments.of("a fault of a route", "13", Cause.OTHER, unforeseen, Ending.FAILED),
                Arguments.of("a fault of a route whose code says that the service is busy", "503", Cause.OTHER,
                        unforeseen, Ending.FAILED),
                Arguments.of("a fault before the download", "500", Cause.CREDENTIALS,
                        new UnauthorizedException("x"), Ending.FAILED),
                Arguments.of("a client that disconnects", "aborted", Cause.OTHER, unforeseen, Ending.ABORTED),
                Arguments.of("a route that is stopped", "503", Cause.OTHER,
                        new DirectConsumerNotAvailableException("x", null), Ending.STOPPED),
                Arguments.of("a step that throttles", "503", Cause.OTHER,
                        new CamelExecutionException("x", null, new ThrottlerRejectedExecutionException("x")),
                        Ending.BUSY),
                Arguments.of("a credential that does not hold", "401", Cause.CREDENTIALS,
                        new UnauthorizedException("x"), Ending.STRANGER),
                Arguments.of("the same with another code", "403", Cause.CREDENTIALS,
                        new CamelExecutionException("x", null, new UnauthorizedException("x")), Ending.STRANGER),
                Arguments.of("a token without a tenant", "2", Cause.OTHER, new IdentityMissingException("x"),
                        Ending.REFUSED),
                Arguments.of("a read that broke", "13", Cause.BROKEN, new ReadBrokenException("x"), Ending.FAILED),
                Arguments.of("a called server that is down", "13", Cause.CALLED_SERVER, unforeseen, Ending.FAILED),
                Arguments.of("a store that is down", "13", Cause.UNREACHABLE, unforeseen, Ending.FAILED),
                Arguments.of("a file that is not there", "13", Cause.NOT_FOUND, unforeseen, Ending.REFUSED));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(new CamelExecutionException("x", null, new ThrottlerRejectedExecutionException("x")), 429,
                        "throttle"),
                Arguments.of(new DirectConsumerNotAvailableException("x", null), 503, "stopped"),
                Arguments.of(Refusal.TENANT_SHARE.failure(), 503, "tenant-share"),
                // A clause that an author has edited.
                Arguments.of(new ReadBrokenException("x"), 503, "route"), Arguments.of(null, 429, "route"));
    }

    /** {@code FairShareContractTest} and {@code StoppedRouteTest} show that a service counts them. */
    @ParameterizedTest
    @MethodSource("refusals")
    void downloadWithStatus429Or503HasTheReasonOfItsRefusal(Exception failure, int status, String reason)
            throws IOException {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            Exchange exchange = new DefaultExchange(camel);
            exchange.setException(failure);
            RecordDownload.responded(exchange, status, "13");

            FinishedDownload download = FinishedDownload.of(exchange, 0, new StorageSettings());

            assertThat(download.refusal().tag()).isEqualTo(reason);
            assertThat(download.reason()).startsWith(reason + ": ");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outcomes")
    void tellsWhoMayHaveToDoSomething(String name, String code, Cause cause, Throwable failure, Ending expected) {
        assertThat(Ending.of(code, cause, failure)).isEqualTo(expected);
    }
}
