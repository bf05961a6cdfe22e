package org.ccmessaging.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.crypto.spec.SecretKeySpec;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * The S3 server of all contenders, in a process of its own, with the objects in a folder. When it is ready, a file tells
 * where it is, the keys, the tokens of a customer and a presigned address of each object.
 *
 * <p>Arguments: the folder of the objects, the file to write, the sizes of the objects.
 */
public final class Store {

    private static final String ACCESS_KEY = "bench-access-key";
    private static final String SECRET_KEY = "bench-secret-key";
    private static final String SIGNING_KEY = "only-for-the-benchmark-only-for-the-benchmark";
    private static final String BUCKET = "standard";
    private static final String TENANT = "demo";
    private static final String APP_KEY = "demo-app";
    private static final Duration LIFETIME = Duration.ofDays(1);

    /** Each slow download holds a connection, and each connection a thread; Jetty's 200 would be the bottleneck. */
    private static final int MOST_THREADS = 1000;

    private Store() {
    }

    public static void main(String[] arguments) throws Exception {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        URI endpoint = serve(Files.createDirectories(Path.of(arguments[0])));
        Map<String, String> presigned = new LinkedHashMap<>();
        var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY));
        try (S3Client client = S3Client.builder().endpointOverride(endpoint).region(Region.US_EAST_1)
                        .forcePathStyle(true).credentialsProvider(credentials).build();
                S3Presigner presigner = S3Presigner.builder().endpointOverride(endpoint).region(Region.US_EAST_1)
                        .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
                        .credentialsProvider(credentials).build()) {
            client.createBucket(request -> request.bucket(BUCKET));
            for (String size : List.of(arguments).subList(2, arguments.length)) {
                long bytes = Long.parseLong(size);
                String key = TENANT + "/file-" + size;
                client.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromContentProvider(
                        () -> Content.ofSize(bytes), bytes, "application/octet-stream"));
                presigned.put(size, presigner.presignGetObject(sign -> sign.signatureDuration(LIFETIME)
                        .getObjectRequest(get -> get.bucket(BUCKET).key(key))).url().toString());
            }
        }
        Path ready = Path.of(arguments[1]);
        Path half = ready.resolveSibling(ready.getFileName() + ".part");
        Files.write(half, new ObjectMapper().writeValueAsBytes(Map.of(
                "endpoint", endpoint.toString(), "accessKey", ACCESS_KEY, "secretKey", SECRET_KEY,
                "signingKey", SIGNING_KEY, "appKey", APP_KEY,
                "accessToken", token("apiaccess", APP_KEY, Map.of()),
                "sessionToken", token("ccmessaging", "alice",
                        Map.of("tenantId", TENANT, "channelId", "web-1", "userId", "alice", "azp", APP_KEY)),
                "presigned", presigned)));
        // Renamed, so that who waits for it never reads half of it.
        Files.move(half, ready);
    }

    private static URI serve(Path folder) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", folder.toString());
        S3Proxy server = S3Proxy.builder()
                .blobStore(BlobStores.create("filesystem", properties))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .jettyMaxThreads(MOST_THREADS)
                .stopTimeout(0)
                .build();
        server.start();
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    private static String token(String audience, String subject, Map<String, Object> more) {
        Instant now = Instant.now();
        JwtClaimsSet claims = JwtClaimsSet.builder().issuer("ccmessaging-filestream").audience(List.of(audience))
                .subject(subject).claims(all -> all.putAll(more)).issuedAt(now).expiresAt(now.plus(LIFETIME)).build();
        var key = new SecretKeySpec(SIGNING_KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        return new NimbusJwtEncoder(new ImmutableSecret<>(key)).encode(JwtEncoderParameters.from(
                JwsHeader.with(MacAlgorithm.HS256).type("JWT").build(), claims)).getTokenValue();
    }
}
