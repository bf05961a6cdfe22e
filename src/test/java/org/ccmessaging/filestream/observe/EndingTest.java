package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

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

    private static final Exception UNFORESEEN = new NullPointerException();
    private static final Exception NO_CREDENTIALS = new UnauthorizedException("x");
    private static final Exception STOPPED = new DirectConsumerNotAvailableException("x", null);
    private static final Exception THROTTLED =
            new CamelExecutionException("x", null, new ThrottlerRejectedExecutionException("x"));

    static Stream<Arguments> outcomes() {
        return Stream.of(
                arguments("a complete file", "0", Cause.NONE, null, Ending.SERVED),
                arguments("a fault of a route", "13", Cause.OTHER, UNFORESEEN, Ending.FAILED),
                arguments("the same with the code of a busy service", "503", Cause.OTHER, UNFORESEEN, Ending.FAILED),
                arguments("a fault before the download", "500", Cause.CREDENTIALS, NO_CREDENTIALS, Ending.FAILED),
                arguments("a client that disconnects", "aborted", Cause.OTHER, UNFORESEEN, Ending.ABORTED),
                arguments("a route that is stopped", "503", Cause.OTHER, STOPPED, Ending.STOPPED),
                arguments("a step that throttles", "503", Cause.OTHER, THROTTLED, Ending.BUSY),
                arguments("an invalid credential", "401", Cause.CREDENTIALS, NO_CREDENTIALS, Ending.STRANGER),
                arguments("the same with another code", "403", Cause.CREDENTIALS,
                        new CamelExecutionException("x", null, NO_CREDENTIALS), Ending.STRANGER),
                arguments("a token without a tenant", "2", Cause.OTHER, new IdentityMissingException("x"),
                        Ending.REFUSED),
                arguments("a read that broke", "13", Cause.BROKEN, new ReadBrokenException("x"), Ending.FAILED),
                arguments("a called server that is down", "13", Cause.CALLED_SERVER, UNFORESEEN, Ending.FAILED),
                arguments("a store that is down", "13", Cause.UNREACHABLE, UNFORESEEN, Ending.FAILED),
                arguments("a file that is not there", "13", Cause.NOT_FOUND, UNFORESEEN, Ending.REFUSED));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(arguments(THROTTLED, 429, "throttle"), arguments(STOPPED, 503, "stopped"),
                arguments(Refusal.TENANT_SHARE.failure(), 503, "tenant-share"),
                // A clause that an author has edited.
                arguments(new ReadBrokenException("x"), 503, "route"), arguments(null, 429, "route"));
    }

    /** {@code FairShareContractTest} and {@code StoppedRouteTest} show that a service counts them. */
    @ParameterizedTest
    @MethodSource("refusals")
    void downloadWithStatus429Or503HasTheReasonOfItsRefusal(Exception failure, int status, String reason) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setException(failure);
        RecordDownload.responded(exchange, status, "13");

        FinishedDownload download = FinishedDownload.of(exchange, 0, new StorageSettings());

        assertThat(download.refusal().tag()).isEqualTo(reason);
        assertThat(download.reason()).startsWith(reason + ": ");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outcomes")
    void tellsWhoMayHaveToDoSomething(String name, String code, Cause cause, Throwable failure, Ending expected) {
        assertThat(Ending.of(code, cause, failure)).isEqualTo(expected);
    }
}
