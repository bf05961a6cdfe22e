package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.failure.IdentityMissingException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The ending of a download, which the canary and the console read. */
class EndingTest {

    static Stream<Arguments> outcomes() {
        Exception unforeseen = new NullPointerException();
        return Stream.of(
                Arguments.of("a complete file", "0", Cause.NONE, null, Ending.SERVED),
                Arguments.of("a fault of a route", "13", Cause.OTHER, unforeseen, Ending.FAILED),
                Arguments.of("a fault of a route whose code an edit has changed", "99", Cause.OTHER, unforeseen,
                        Ending.FAILED),
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
                Arguments.of("a file that is not there", "13", Cause.NOT_FOUND, unforeseen, Ending.REFUSED),
                Arguments.of("a file that is too large", "13", Cause.TOO_LARGE, unforeseen, Ending.REFUSED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outcomes")
    void tellsWhoMayHaveToDoSomething(String name, String code, Cause cause, Throwable failure, Ending expected) {
        assertThat(Ending.of(code, cause, failure)).isEqualTo(expected);
    }
}
