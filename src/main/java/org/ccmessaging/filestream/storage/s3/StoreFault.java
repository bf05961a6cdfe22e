package org.ccmessaging.filestream.storage.s3;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.storage.StorageProbe.Down;
import org.ccmessaging.filestream.toolkit.LogText;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.http.HttpStatusCode;

/**
 * The causes why a store fails, each with its advice, for health, log and {@code doctor}. The first one that matches
 * counts. In an advice, {@code {s}} stands for the prefix of the store's settings.
 */
enum StoreFault {

    PATH_STYLE("Set {s}path-style-access to true: the store has no host name for each bucket",
            failure -> !failure.bucket.settings().pathStyleAccess() && (failure.status == 405
                    || failure.text.startsWith(StoreFault.UNKNOWN_HOST + failure.bucket.name() + "."))),
    HOST("Correct {s}endpoint, or the DNS of this machine", failure -> failure.text.startsWith(StoreFault.UNKNOWN_HOST)),
    REFUSED("Start the store, or correct {s}endpoint: nothing listens there",
            failure -> failure.is(ConnectException.class)),
    SILENT("Look for a firewall, or for a store that hangs", failure -> failure.is(SocketTimeoutException.class)
            || failure.is(ApiCallTimeoutException.class) || failure.text.startsWith(Deadlines.PASSED)),
    NAME_OF_CERTIFICATE("Set {s}endpoint to a name that is in the certificate of the store",
            failure -> failure.is(SSLPeerUnverifiedException.class)),
    EXPIRED_CERTIFICATE("Renew the certificate of the store", failure -> failure.is(CertificateExpiredException.class)),
    UNKNOWN_ISSUER("Set {s}ssl-bundle to a bundle with the CA of the store",
            failure -> failure.is(CertPathBuilderException.class)),
    PLAIN_PORT("Set {s}endpoint to http://, or to the port that speaks TLS",
            failure -> failure.text.contains("unrecognized SSL message")),
    NO_CREDENTIALS("Set {s}access-key and {s}secret-key, or give the AWS default credentials chain some",
            failure -> failure.text.startsWith(S3Store.NO_CREDENTIALS)),
    UNBOUND("Set {s}verify-responses to auto, if the store does not apply response-content-language",
            failure -> failure.is(ReadBrokenException.class)),
    CLOCK("Set the clocks of the store and of this machine by NTP", code("RequestTimeTooSkewed")),
    ACCESS_KEY("Correct {s}access-key: the store does not know {user}", code("InvalidAccessKeyId")),
    SECRET_KEY("Correct {s}secret-key of {user}, or a proxy that changes the header Host",
            code("SignatureDoesNotMatch")),
    TOKEN("Renew the temporary credentials, {user}", code("ExpiredToken", "InvalidToken", "TokenRefreshRequired")),
    REGION("Set {s}region to {region}", code("AuthorizationHeaderMalformed", "PermanentRedirect")
            .or(failure -> failure.status == HttpStatusCode.MOVED_PERMANENTLY)),
    BUCKET("Create the bucket, or correct filestream.storage.{branch}.bucket, {s}endpoint or {s}path-style-access",
            code("NoSuchBucket")),
    OBJECT("Name an object that exists", code("NoSuchKey")),
    RIGHTS("Allow {user} s3:GetObject and s3:ListBucket; without the latter, a missing object is refused, too",
            failure -> failure.status == HttpStatusCode.FORBIDDEN),
    OTHER("Look into the log of the store", failure -> true);

    /** Start of the message for a host whose name has no address. */
    static final String UNKNOWN_HOST = "unknown host ";

    /** Maximum length of a store's message in a reason. */
    private static final int LONGEST = 300;

    private static final Pattern REGION_IN_MESSAGE = Pattern.compile("expecting '([a-z0-9-]{1,40})'");

    private final String advice;
    private final Predicate<Failure> matches;

    StoreFault(String advice, Predicate<Failure> matches) {
        this.advice = advice;
        this.matches = matches;
    }

    /** @param response {@code null} without one; its status is then 0 */
    private record Failure(Bucket bucket, List<Throwable> chain, String text, AwsServiceException response,
            int status, String code) {

        static Failure of(Throwable failure, Bucket bucket) {
            List<Throwable> chain = Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(20).toList();
            AwsServiceException response = failure instanceof AwsServiceException refused ? refused : null;
            return response == null ? new Failure(bucket, chain, String.valueOf(failure.getMessage()), null, 0, "")
                    : new Failure(bucket, chain, StoreFault.text(response), response, response.statusCode(),
                            String.valueOf(response.awsErrorDetails().errorCode()));
        }

        boolean is(Class<?> type) {
            return chain.stream().anyMatch(type::isInstance);
        }
    }

    private static Predicate<Failure> code(String... codes) {
        return failure -> Set.of(codes).contains(failure.code);
    }

    static StoreFault of(Throwable failure, Bucket bucket) {
        return of(Failure.of(failure, bucket));
    }

    private static StoreFault of(Failure failure) {
        return Stream.of(values()).filter(fault -> fault.matches.test(failure)).findFirst().orElseThrow();
    }

    static Down explain(Throwable failure, Bucket bucket) {
        Failure explained = Failure.of(failure, bucket);
        String advice = of(explained).advice.replace("{s}", bucket.prefix()).replace("{branch}", bucket.branch());
        if (advice.contains("{user}")) {
            advice = advice.replace("{user}", bucket.user());
        }
        return new Down(explained.text, advice.replace("{region}", region(explained)));
    }

    /** Returns the right region, as a store names it. */
    private static String region(Failure failure) {
        Matcher message = REGION_IN_MESSAGE.matcher(failure.text);
        return message.find() ? message.group(1) : failure.response == null ? "" : failure.response.awsErrorDetails()
                .sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region").orElse("that of the bucket");
    }

    /** Returns the S3 error code first: some stores, such as Ceph, send no message. */
    static String text(AwsServiceException response) {
        AwsErrorDetails details = response.awsErrorDetails();
        String code = Objects.requireNonNullElse(details.errorCode(), "");
        String message = Objects.requireNonNullElse(details.errorMessage(), "");
        String named = code.isEmpty() ? "HTTP " + response.statusCode() : code + " (" + response.statusCode() + ")";
        return message.isEmpty() ? named : named + ": " + LogText.visible(message, LONGEST);
    }
}
