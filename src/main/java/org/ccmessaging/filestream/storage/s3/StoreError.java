package org.ccmessaging.filestream.storage.s3;

import java.io.IOException;
import java.io.StringReader;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.http.HttpResponse;
import org.springframework.core.NestedExceptionUtils;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Makes exceptions of the SDK from responses and failures of a store. Exception clauses of routes name these types. */
final class StoreError {

    /** Learns of each element at its end. */
    interface Elements {

        /**
         * @param depth 1 for the root
         * @param text empty if the element ends with a child
         */
        void end(int depth, String name, String text);
    }

    private StoreError() {
    }

    /** @param body the XML document of the error, if the store sent one */
    static S3Exception of(HttpResponse response, byte[] body) {
        Map<String, String> members = members(body);
        String code = members.get("Code");
        int status = response.getStatusLine().getStatusCode();
        SdkHttpResponse.Builder head = SdkHttpResponse.builder().statusCode(status);
        Stream.of(response.getAllHeaders()).forEach(it -> head.appendHeader(it.getName(), it.getValue()));
        SdkHttpResponse http = head.build();
        S3Exception.Builder error = "NoSuchKey".equals(code) ? NoSuchKeyException.builder()
                : "NoSuchBucket".equals(code) ? NoSuchBucketException.builder() : S3Exception.builder();
        error.statusCode(status)
                .requestId(http.firstMatchingHeader("x-amz-request-id").orElse(members.get("RequestId")))
                .extendedRequestId(http.firstMatchingHeader("x-amz-id-2").orElse(members.get("HostId")))
                .awsErrorDetails(AwsErrorDetails.builder().serviceName("S3").errorCode(code)
                        .errorMessage(members.get("Message")).sdkHttpResponse(http).build());
        return (S3Exception) error.build();
    }

    private static Map<String, String> members(byte[] body) {
        Map<String, String> members = new HashMap<>();
        try {
            read(body, (depth, name, text) -> members.putIfAbsent(name, text));
        } catch (XMLStreamException | RuntimeException unreadable) {
            // A proxy sends HTML, and a broken connection sends a part. The status says enough. For some faults, the
            // parser has no text, and throws a MissingResourceException.
        }
        return members;
    }

    /**
     * Reads a document of the store.
     *
     * @throws XMLStreamException if the document is malformed or incomplete
     */
    static void read(byte[] body, Elements elements) throws XMLStreamException {
        XMLInputFactory documents = XMLInputFactory.newDefaultFactory();
        documents.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        documents.setProperty(XMLInputFactory.IS_COALESCING, true);
        // As a text, because the parser prints a malformed byte to the standard error.
        XMLStreamReader document = documents.createXMLStreamReader(
                new StringReader(new String(body, StandardCharsets.UTF_8)));
        String text = "";
        int depth = 0;
        while (document.hasNext()) {
            int event = document.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                depth++;
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                elements.end(depth--, document.getLocalName(), text);
            } else if (event == XMLStreamConstants.DTD) {
                throw new XMLStreamException("a document of S3 has no document type");
            }
            text = event == XMLStreamConstants.CHARACTERS ? text + document.getText()
                    : document.isStartElement() || document.isEndElement() ? "" : text;
        }
    }

    /** Returns the failure of a request that got no response. */
    static SdkClientException of(IOException failure) {
        return SdkClientException.create("Unable to execute HTTP request: " + failure.getMessage(), failure);
    }

    /** Begins the message with what the store or the network said, for whatever logs or shows the exception. */
    static SdkException named(SdkException failure) {
        if (failure instanceof S3Exception refused && refused.awsErrorDetails() != null) {
            return refused.toBuilder().message(StoreFault.text(refused)).build();
        }
        // Without its cause: for an unknown host, the SDK would put general advice in place of the name.
        return NestedExceptionUtils.getMostSpecificCause(failure) instanceof UnknownHostException unknown
                ? SdkClientException.create(S3Store.UNKNOWN_HOST + unknown.getMessage()) : failure;
    }
}
