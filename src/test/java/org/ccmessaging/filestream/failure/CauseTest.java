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
                all(Cause.NOT_FOUND, new ObjectNotFoundException(""), new ObjectKeyMissingException(""),
                        NoSuchKeyException.builder().statusCode(404).build(), s3(404), http(404), http(410)),
                all(Cause.EMPTY, new EmptyFileException("")),
                all(Cause.TOO_LARGE, new FileTooLargeException("")),
                all(Cause.NOT_CLEAN, new FileNotCleanException("")),
                all(Cause.NOT_SCANNED, new FileNotScannedException("")),
                all(Cause.NOT_OWNER, new NotOwnerException("")),
                all(Cause.DENIED, new FileServiceRefusedException(""), s3(403), s3(400),
                        NoSuchBucketException.builder().statusCode(404).build(),
                        InvalidObjectStateException.builder().statusCode(403).build()),
                all(Cause.UNREACHABLE, new StorageUnreachableException("", IO), s3(500), s3(503), s3(429),
                        SdkClientException.create("connection refused", IO), ApiCallTimeoutException.create(1),
                        new DataAccessResourceFailureException(""), new QueryTimeoutException("")),
                all(Cause.BROKEN, new ReadBrokenException("", IO)),
                all(Cause.CALLED_SERVER, http(401), http(502)),
                all(Cause.FILE_TYPE, new FileTypeOutOfRangeException("")),
                all(Cause.INVALID_REQUEST, new InvalidRequestException("")),
                all(Cause.CREDENTIALS, new UnauthorizedException(""), new AccessTokenExpiredException("")),
                all(Cause.OTHER, new BadSqlGrammarException("", "", new SQLException()), IO,
                        new DataIntegrityViolationException(""), new JsonParseException((JsonParser) null, ""),
                        new ServiceBusyException(""), new TokenKeysUnavailableException("", IO),
                        new IdentityMissingException(""), new IllegalStateException()))
                .flatMap(failures -> failures);
    }

    private static Stream<Arguments> all(Cause cause, Exception... failures) {
        return Stream.of(failures).map(failure -> arguments(failure, cause));
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
        assertThat(Cause.of(new CamelExecutionException("", null, failure))).isEqualTo(cause);
    }

    @Test
    void successHasNoCause() {
        assertThat(Cause.of(null)).isEqualTo(Cause.NONE);
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
