package org.ccmessaging.filestream.storage.s3;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.ccmessaging.filestream.storage.StorageProbe.Down;
import org.ccmessaging.filestream.storage.s3.RouteS3Client.Bucket;
import org.ccmessaging.filestream.toolkit.LogText;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * The faults of a store, each with advice and signs. Most signs are S3 error codes, statuses, texts in messages, or
 * names of exception classes. The first fault with a matching sign applies. In the advice, {@code {s}} stands for the
 * prefix of the settings.
 */
enum StoreFault {

    PATH_STYLE("Set {s}path-style-access to true: the store has no host name for each bucket", "virtual host"),
    HOST("Correct {s}endpoint, or the DNS of this machine", S3Store.UNKNOWN_HOST),
    REFUSED("Start the store, or correct {s}endpoint: nothing listens there", "ConnectException"),
    SILENT("Look for a firewall, or for a store that hangs", "SocketTimeoutException", "ApiCallTimeoutException",
            Deadlines.PASSED),
    NAME_OF_CERTIFICATE("Set {s}endpoint to a name that is in the certificate of the store",
            "SSLPeerUnverifiedException"),
    EXPIRED_CERTIFICATE("Renew the certificate of the store", "CertificateExpiredException"),
    UNKNOWN_ISSUER("Set {s}ssl-bundle to a bundle with the CA of the store", "CertPathBuilderException"),
    PLAIN_PORT("Set {s}endpoint to http://, or to the port that speaks TLS", "Unsupported or unrecognized SSL message"),
    // In TLS 1.3 a store refuses a client after the client's handshake. Its alert is lost if it closes the connection
    // before the client has sent the request.
    ENDED("If the store requires a client certificate, set {s}ssl-bundle to a bundle whose keystore has one that it"
            + " accepts. Otherwise look into the log of the store", "Received fatal alert", "Broken pipe",
            "Connection reset"),
    NO_CREDENTIALS("Set {s}access-key and {s}secret-key, or give the AWS default credentials chain some",
            "Unable to load credentials"),
    UNBOUND("Set {s}verify-responses to auto, or to off if only some responses have response-content-language applied",
            "ReadBrokenException"),
    CLOCK("Set the clocks of the store and of this machine by NTP", "RequestTimeTooSkewed"),
    ACCESS_KEY("Correct {s}access-key: the store does not know it", "InvalidAccessKeyId"),
    SECRET_KEY("Correct {s}secret-key or {s}access-key, or a proxy that changes the header Host",
            "SignatureDoesNotMatch"),
    TOKEN("Renew the temporary credentials", "ExpiredToken", "InvalidToken", "TokenRefreshRequired"),
    REGION("Set {s}region to the region of the bucket", "AuthorizationHeaderMalformed", "PermanentRedirect",
            "HTTP 301"),
    BUCKET("Create the bucket, or correct filestream.storage.{branch}.bucket, {s}endpoint or {s}path-style-access",
            "NoSuchBucket"),
    OBJECT("Name an object that exists", "NoSuchKey"),
    RIGHTS("Allow s3:GetObject and s3:ListBucket; without the latter, a missing object is refused, too",
            "HTTP 403"),
    OTHER("Look into the log of the store");

    /** Maximum number of characters of an error code or an error message. */
    private static final int LONGEST = 300;

    private final String advice;
    private final List<String> signs;

    StoreFault(String advice, String... signs) {
        this.advice = advice;
        this.signs = List.of(signs);
    }

    static StoreFault of(Throwable failure, Bucket bucket) {
        Set<String> signs = signs(failure, bucket);
        return Stream.of(values()).filter(fault -> fault.signs.stream().anyMatch(signs::contains)).findFirst()
                .orElse(OTHER);
    }

    private static Set<String> signs(Throwable failure, Bucket bucket) {
        Set<String> signs = new HashSet<>();
        Stream.iterate(failure, Objects::nonNull, Throwable::getCause).<Class<?>>mapMulti((cause, types) -> {
            for (Class<?> type = cause.getClass(); type != Throwable.class; type = type.getSuperclass()) {
                types.accept(type);
            }
        }).map(Class::getSimpleName).forEach(signs::add);
        String text = text(failure);
        if (failure instanceof AwsServiceException response) {
            signs.addAll(List.of(text.split(" ")[0], "HTTP " + response.statusCode()));
        } else {
            Stream.of(values()).flatMap(fault -> fault.signs.stream()).filter(text::contains).forEach(signs::add);
        }
        if (!bucket.settings().pathStyleAccess() && (signs.contains("HTTP 405")
                || text.startsWith(S3Store.UNKNOWN_HOST + bucket.name() + "."))) {
            signs.add("virtual host");
        }
        return signs;
    }

    static Down explain(Throwable failure, Bucket bucket) {
        return new Down(text(failure), of(failure, bucket).advice.replace("{s}", bucket.prefix())
                .replace("{branch}", bucket.branch()));
    }

    /** Returns the error code, if any, and the message. Some stores, such as Ceph, send no message. */
    static String text(Throwable failure) {
        if (!(failure instanceof AwsServiceException response) || response.awsErrorDetails() == null) {
            return String.valueOf(failure.getMessage());
        }
        String code = LogText.visible(Objects.requireNonNullElse(response.awsErrorDetails().errorCode(), ""), LONGEST);
        String message = Objects.requireNonNullElse(response.awsErrorDetails().errorMessage(), "");
        String named = code.isEmpty() ? "HTTP " + response.statusCode() : code + " (" + response.statusCode() + ")";
        return message.isEmpty() ? named : named + ": " + LogText.visible(message, LONGEST);
    }
}
