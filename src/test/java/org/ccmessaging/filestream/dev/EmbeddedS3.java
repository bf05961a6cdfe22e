package org.ccmessaging.filestream.dev;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.CrossOriginResourceSharing;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A real S3 server on a free loopback port of this process; it checks AWS_V4 signatures. */
public final class EmbeddedS3 implements AutoCloseable {

    static final String ACCESS_KEY = "dev-access-key";
    static final String SECRET_KEY = "dev-secret-key";

    private final S3Proxy server;
    private final S3Client client;

    /** @param origin of pages that may read objects; {@code null} for none */
    private EmbeddedS3(String store, Properties properties, String accessKey, String secretKey, String origin)
            throws Exception {
        // It logs each step of its start before Spring Boot has set any level.
        ((Logger) LoggerFactory.getLogger("org.gaul")).setLevel(Level.WARN);
        server = S3Proxy.builder()
                .blobStore(BlobStores.create(store, properties)).endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
                .corsRules(origin == null ? CrossOriginResourceSharing.disabled() : new CrossOriginResourceSharing(
                        List.of(origin), List.of("GET"), List.of(), List.of(), "false"))
                // A slow reader keeps one of its threads. It has more threads than the service has permits.
                .jettyMaxThreads(512)
                // Nothing that matters is in progress when it stops.
                .stopTimeout(0).build();
        server.start();
        client = client(endpoint(), accessKey, secretKey);
    }

    /** A client of a server whose buckets are parts of paths. */
    public static S3Client client(URI server, String accessKey, String secretKey) {
        return S3Client.builder().endpointOverride(server).region(Region.US_EAST_1).forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
                .build();
    }

    /** Keeps its objects in memory. */
    public static EmbeddedS3 inMemory(List<String> buckets) throws Exception {
        return inMemory(buckets, ACCESS_KEY, SECRET_KEY);
    }

    /** Keeps its objects in memory, and takes these credentials alone. */
    public static EmbeddedS3 inMemory(List<String> buckets, String accessKey, String secretKey) throws Exception {
        return new EmbeddedS3("transient", new Properties(), accessKey, secretKey, null).withBuckets(buckets);
    }

    /** Keeps its objects in memory, and lets pages of this origin read them, as docs/web-clients.md explains. */
    static EmbeddedS3 inMemoryFor(String origin, List<String> buckets) throws Exception {
        return new EmbeddedS3("transient", new Properties(), ACCESS_KEY, SECRET_KEY, origin).withBuckets(buckets);
    }

    /** Keeps its objects below the given folder, for those too large for memory. */
    public static EmbeddedS3 onDisk(Path folder, List<String> buckets) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", folder.toString());
        return new EmbeddedS3("filesystem", properties, ACCESS_KEY, SECRET_KEY, null).withBuckets(buckets);
    }

    private EmbeddedS3 withBuckets(List<String> buckets) {
        buckets.forEach(bucket -> client.createBucket(request -> request.bucket(bucket)));
        return this;
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    public void put(String bucket, String key, byte[] content) {
        put(bucket, key, RequestBody.fromBytes(content));
    }

    public void put(String bucket, String key, RequestBody content) {
        client.putObject(request -> request.bucket(bucket).key(key), content);
    }

    /** The settings that point the service at this server. */
    public Map<String, Object> settings() {
        return settings(endpoint());
    }

    /** The settings that point the service at a server, or at a link to one, that takes the same credentials. */
    public static Map<String, Object> settings(URI server) {
        return Map.of("filestream.s3.endpoint", server.toString(), "filestream.s3.path-style-access", "true",
                "filestream.s3.access-key", ACCESS_KEY, "filestream.s3.secret-key", SECRET_KEY);
    }

    @Override
    public void close() {
        client.close();
        try {
            server.stop();
        } catch (Exception unstoppable) {
            throw new IllegalStateException(unstoppable);
        }
    }
}
