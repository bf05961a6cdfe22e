package org.ccmessaging.filestream.storage.s3;

import java.io.IOException;
import java.io.StringReader;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.http.HttpResponse;
import org.springframework.core.NestedExceptionUtils;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Creates the SDK exceptions that {@code onException} clauses of routes handle. */
final class StoreError {

    private StoreError() {
    }

    /** @param body the error as XML; may be empty or malformed */
    static S3Exception of(HttpResponse response, byte[] body) {
        Document document = readable(body);
        String code = member(document, "Code");
        int status = response.getStatusLine().getStatusCode();
        SdkHttpResponse.Builder head = SdkHttpResponse.builder().statusCode(status);
        Stream.of(response.getAllHeaders()).forEach(it -> head.appendHeader(it.getName(), it.getValue()));
        SdkHttpResponse http = head.build();
        S3Exception.Builder error = "NoSuchKey".equals(code) ? NoSuchKeyException.builder()
                : "NoSuchBucket".equals(code) ? NoSuchBucketException.builder() : S3Exception.builder();
        error.statusCode(status)
                .requestId(http.firstMatchingHeader("x-amz-request-id").orElse(member(document, "RequestId")))
                .extendedRequestId(http.firstMatchingHeader("x-amz-id-2").orElse(member(document, "HostId")))
                .awsErrorDetails(AwsErrorDetails.builder().serviceName("S3").errorCode(code)
                        .errorMessage(member(document, "Message")).sdkHttpResponse(http).build());
        return (S3Exception) error.build();
    }

    /** Returns {@code null} if the body is not a complete XML document, for example HTML of a proxy. */
    private static Document readable(byte[] body) {
        try {
            return document(body);
        } catch (SAXException | RuntimeException unreadable) {
            // For some malformed documents, the parser throws a MissingResourceException.
            return null;
        }
    }

    private static String member(Document document, String name) {
        Node member = document == null ? null : document.getElementsByTagNameNS("*", name).item(0);
        return member == null ? null : member.getTextContent();
    }

    /** @throws SAXException if the document is malformed or incomplete, or has a document type */
    static Document document(byte[] body) throws SAXException {
        DocumentBuilderFactory documents = DocumentBuilderFactory.newDefaultNSInstance();
        try {
            documents.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder reader = documents.newDocumentBuilder();
            // Without this handler, the parser prints errors. With bytes instead of a string as input, the parser
            // prints malformed bytes.
            reader.setErrorHandler(new DefaultHandler());
            return reader.parse(new InputSource(new StringReader(new String(body, StandardCharsets.UTF_8))));
        } catch (IOException | ParserConfigurationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static SdkClientException of(IOException failure) {
        return SdkClientException.create("Unable to execute HTTP request: " + failure.getMessage(), failure);
    }

    /** Puts the store's error, or the name of an unknown host, at the start of the message, for logs. */
    static SdkException named(SdkException failure) {
        if (failure instanceof S3Exception refused && refused.awsErrorDetails() != null) {
            return refused.toBuilder().message(StoreFault.text(refused)).build();
        }
        // Omits the cause, because the SDK's HelpfulUnknownHostExceptionInterceptor would replace the message.
        return NestedExceptionUtils.getMostSpecificCause(failure) instanceof UnknownHostException unknown
                ? SdkClientException.create(S3Store.UNKNOWN_HOST + unknown.getMessage()) : failure;
    }
}
