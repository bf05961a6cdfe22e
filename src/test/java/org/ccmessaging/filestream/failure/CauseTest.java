package org.ccmessaging.filestream.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.BadSqlGrammarException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.InvalidObjectStateException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What an operator is told by a failure's class. */
class CauseTest {

    private static final Exception IO = new IOException("reset");

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(null, Cause.NONE),
                arguments(new ObjectNotFoundException(""), Cause.NOT_FOUND),
                arguments(new ObjectKeyMissingException(""), Cause.NOT_FOUND),
                arguments(new DataAccessResourceFailureException(""), Cause.UNREACHABLE),
                arguments(new BadSqlGrammarException("", "", new SQLException()), Cause.OTHER),
                arguments(new QueryTimeoutException(""), Cause.UNREACHABLE),
                arguments(new DataIntegrityViolationException(""), Cause.OTHER),
                arguments(NoSuchKeyException.builder().statusCode(404).build(), Cause.NOT_FOUND),
                arguments(s3(404), Cause.NOT_FOUND),
                arguments(http(404), Cause.NOT_FOUND),
                arguments(http(410), Cause.NOT_FOUND),
                arguments(new EmptyFileException(""), Cause.EMPTY),
                arguments(new FileTooLargeException(""), Cause.TOO_LARGE),
                arguments(new FileNotCleanException(""), Cause.NOT_CLEAN),
                arguments(new FileNotScannedException(""), Cause.NOT_SCANNED),
                arguments(new NotOwnerException(""), Cause.NOT_OWNER),
                arguments(new FileServiceRefusedException(""), Cause.DENIED),
                arguments(NoSuchBucketException.builder().statusCode(404).build(), Cause.DENIED),
                arguments(InvalidObjectStateException.builder().statusCode(403).build(), Cause.DENIED),
                arguments(s3(403), Cause.DENIED),
                arguments(s3(400), Cause.DENIED),
                arguments(http(401), Cause.CALLED_SERVER),
                arguments(s3(500), Cause.UNREACHABLE),
                arguments(s3(503), Cause.UNREACHABLE),
                arguments(s3(429), Cause.UNREACHABLE),
                arguments(http(502), Cause.CALLED_SERVER),
                arguments(new StorageUnreachableException("", IO), Cause.UNREACHABLE),
                arguments(SdkClientException.create("connection refused", IO), Cause.UNREACHABLE),
                arguments(ApiCallTimeoutException.create(1), Cause.UNREACHABLE),
                arguments(new ReadBrokenException("", IO), Cause.BROKEN),
                arguments(new FileTypeOutOfRangeException(""), Cause.FILE_TYPE),
                arguments(new InvalidRequestException(""), Cause.INVALID_REQUEST),
                arguments(new JsonParseException((JsonParser) null, ""), Cause.OTHER),
                arguments(new UnauthorizedException(""), Cause.CREDENTIALS),
                arguments(new AccessTokenExpiredException(""), Cause.CREDENTIALS),
                arguments(new ServiceBusyException(""), Cause.OTHER),
                arguments(new TokenKeysUnavailableException("", IO), Cause.OTHER),
                arguments(new IdentityMissingException(""), Cause.OTHER),
                arguments(IO, Cause.OTHER),
                arguments(new IllegalStateException(), Cause.OTHER));
    }

    private static Exception s3(int status) {
        return S3Exception.builder().statusCode(status).build();
    }

    private static Exception http(int status) {
        return new HttpOperationFailedException("http://backend", status, "", null, null, null);
    }

    @Test
    void serverThatARouteCannotReachIsTheCauseAndAClientThatLeavesIsNot() {
        assertThat(Cause.of(new ConnectException("refused"))).isEqualTo(Cause.CALLED_SERVER);
        assertThat(Cause.of(new SocketTimeoutException("Read timed out"))).isEqualTo(Cause.CALLED_SERVER);
        assertThat(Cause.of(new IOException(new SocketTimeoutException()))).isEqualTo(Cause.OTHER);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void classOfAFailureIsItsCauseAndWrappingItChangesNothing(Exception failure, Cause cause) {
        assertThat(Cause.of(failure)).isEqualTo(cause);
        if (failure != null) {
            assertThat(Cause.of(new CamelExecutionException("", null, failure))).isEqualTo(cause);
        }
    }

    @Test
    void documentedFailureDecidesAboveAndBelowThatOfALibrary() {
        assertThat(Cause.of(new ReadBrokenException("", s3(403)))).isEqualTo(Cause.BROKEN);
        assertThat(Cause.of(SdkClientException.create("", new ReadBrokenException("")))).isEqualTo(Cause.BROKEN);
    }

    @Test
    void failureThatCausesItselfHasACause() {
        Exception first = new IllegalStateException();
        first.initCause(new IllegalStateException(first));

        assertThat(Cause.of(first)).isEqualTo(Cause.OTHER);
    }

    @Test
    void labelsAreThoseThatMetricsAndAlertsName() {
        assertThat(Stream.of(Cause.values()).map(Cause::label)).containsExactly("none", "not-found", "empty",
                "too-large", "not-clean", "not-scanned", "not-owner", "denied", "unreachable", "broken",
                "called-server", "file-type", "invalid-request", "credentials", "other");
    }
}
