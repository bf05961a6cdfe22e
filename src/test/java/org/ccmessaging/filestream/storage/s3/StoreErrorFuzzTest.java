package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.http.HttpVersion;
import org.apache.http.message.BasicHttpResponse;
import org.ccmessaging.filestream.toolkit.LogText;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * From any body of a store, the service reads what a DOM of the body has, nothing from elsewhere, and no more than the
 * body is long. The body is an error, a list of tags, or a list of objects, which only {@code doctor} reads.
 */
class StoreErrorFuzzTest {

    private static final String CANARY = "text of another file";

    @TempDir
    private static Path folder;

    private static String address;
    private static byte[] list;
    private static S3Client store;
    private static DocumentBuilder documents;

    /** A store that responds to each request with the same bytes. */
    private static final class Fixed implements SdkHttpClient {

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            return new ExecutableHttpRequest() {

                @Override
                public HttpExecuteResponse call() {
                    return HttpExecuteResponse.builder().response(SdkHttpResponse.builder().statusCode(200).build())
                            .responseBody(AbortableInputStream.create(new ByteArrayInputStream(list))).build();
                }

                @Override
                public void abort() {
                }
            };
        }

        @Override
        public void close() {
        }
    }

    @BeforeAll
    static void start() throws IOException, ParserConfigurationException {
        documents = documents();
        address = Files.writeString(folder.resolve("canary"), CANARY).toUri().toString();
        store = S3Client.builder().httpClient(new Fixed()).region(Region.US_EAST_1)
                .endpointOverride(URI.create("http://localhost")).forcePathStyle(true)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .overrideConfiguration(once -> once.retryStrategy(retry -> retry.maxAttempts(1))).build();
    }

    static Stream<byte[]> bodies() {
        String entity = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY e SYSTEM \"CANARY\"><!ENTITY f \"ffffffff\">]>";
        String error = "<Error><Code>NoSuchKey</Code><Message>No &lt;key&gt;\n</Message><RequestId>1</RequestId>"
                + "<HostId>h</HostId></Error>";
        String tags = "<Tagging xmlns=\"a\"><TagSet><Tag><Key>scan</Key><Value>cl&#x65;an</Value></Tag><Tag><Key/>"
                + "<Value></Value></Tag></TagSet></Tagging>";
        String list = "<ListBucketResult><Contents><Key>a/&#x1F600;</Key><Size>2</Size>"
                + "<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents></ListBucketResult>";
        return Stream.of(error, list, entity + error.replace("1", "&e;&f;"), entity + list.replace("a/", "&e;&f;&f;"),
                error.replace("NoSuchKey", "<![CDATA[NoSuchBucket]]>"),
                "<a xmlns:a=\"b\"><!--&amp;--><?a ?><a:Code/><Code>&#x41;</Code><Code>b</Code></a>",
                list.replace("<Contents>", "<EncodingType>url</EncodingType><Contents>"),
                "<html><p>Bad gateway",
                // The JDK's parser throws another exception for this character, and a code may have any.
                "<!DOCTYPE a [\u0010",
                error.replace("NoSuchKey", "a\nERROR b\u202e" + "c".repeat(5_000)), list.replace("2", "x"),
                tags, entity + tags.replace("&#x65;", "&e;"), tags.replace("<Key/>", "<Key>scan</Key>"),
                tags.replace("<Value></Value>", ""),
                tags.replace("</Value></Tag>", "</Value><a><Value>b</Value></a></Tag>"),
                "<html>" + tags + "</html>", tags.replace("</Tagging>", ""), "{}<Tagging")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("bodies")
    @FuzzTest
    void body(byte[] body) throws Exception {
        String text = new String(body, StandardCharsets.UTF_8).replace("CANARY", address);
        S3Exception error = StoreError.of(new BasicHttpResponse(HttpVersion.HTTP_1_1, 404, null),
                text.getBytes(StandardCharsets.UTF_8));
        String code = error.awsErrorDetails().errorCode();

        assertFrom(text, Stream.of(code, error.awsErrorDetails().errorMessage(), error.requestId(),
                error.extendedRequestId()));
        assertThat(error instanceof NoSuchKeyException).isEqualTo("NoSuchKey".equals(code));
        assertThat(error instanceof NoSuchBucketException).isEqualTo("NoSuchBucket".equals(code));
        // Code and message have 300 characters, of which the log escapes some as six.
        assertThat(StoreFault.text(error)).hasSizeLessThan(3_700).isEqualTo(LogText.visible(StoreFault.text(error)));
        try {
            NodeList codes = documents.parse(new InputSource(new StringReader(text)))
                    .getElementsByTagNameNS("*", "Code");
            assertThat(code).isEqualTo(Stream.iterate(0, i -> i < codes.getLength(), i -> i + 1).map(codes::item)
                    .limit(1).filter(first -> ((Element) first).getElementsByTagName("*").getLength() == 0)
                    .map(Node::getTextContent).findFirst().orElse(null));
        } catch (SAXException noDocument) {
            assertThat(code).isNull();
        }
        if (text.contains("<Contents>")) {
            assertList(text);
        }
        if (text.contains("<Tagging")) {
            assertTags(text);
        }
    }

    /** The service reads the tags of a document that has the elements of a list of tags, and no others. */
    private static void assertTags(String body) throws Exception {
        Map<String, String> read;
        try {
            read = RequiredTags.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException malformed) {
            // The customer does not get the file.
            return;
        }
        Map<String, String> tags = new HashMap<>();
        Document document = documents.parse(new InputSource(new StringReader(body)));
        for (Element list : children(document, "Tagging")) {
            for (Element set : children(list, "TagSet")) {
                for (Element tag : children(set, "Tag")) {
                    Map<String, String> members = children(tag, "Key", "Value").stream()
                            .collect(Collectors.toMap(Element::getLocalName, Element::getTextContent));
                    tags.put(members.get("Key"), members.get("Value"));
                }
            }
        }
        assertThat(read).isEqualTo(tags);
    }

    private static List<Element> children(Node parent, String... names) {
        List<Element> children = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element) {
                assertThat(element.getLocalName()).isIn((Object[]) names);
                children.add(element);
            }
        }
        return children;
    }

    private static void assertFrom(String body, Stream<String> read) {
        assertThat(read.filter(Objects::nonNull).collect(Collectors.joining())).doesNotContain(CANARY)
                .hasSizeLessThanOrEqualTo(body.length());
    }

    private static DocumentBuilder documents() throws ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        factory.setNamespaceAware(true);
        factory.setCoalescing(true);
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setErrorHandler(new DefaultHandler());
        return builder;
    }

    private static void assertList(String body) {
        list = body.getBytes(StandardCharsets.UTF_8);
        try {
            assertFrom(body, store.listObjectsV2(request -> request.bucket("bucket")).contents().stream()
                    .map(S3Object::key));
        } catch (SdkException malformed) {
            // The command reports it.
        }
    }
}
