package org.ccmessaging.filestream.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.observe.AuditLog;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Part {@code routes} of {@code /actuator/info}: the checksums of the route files now and at the start, by which
 * operators compare replicas. {@code cat routes/*.camel.yaml | sha256sum} prints the same.
 */
@Component
class RoutesInfo implements InfoContributor {

    private final Path directory;
    private final String atStart;

    RoutesInfo(RoutesSettings settings) {
        this.directory = settings.directory();
        this.atStart = checksum(directory);
    }

    /** Tells the audit log which routes serve. */
    @EventListener(ApplicationReadyEvent.class)
    void onStart() {
        AuditLog.write("routes loaded", "directory", directory.toString(), "sha256", atStart);
    }

    @Override
    public void contribute(Info.Builder info) {
        Map<String, String> routes = new LinkedHashMap<>();
        routes.put("directory", directory.toString());
        routes.put("sha256", checksum(directory));
        routes.put("sha256AtStart", atStart);
        info.withDetail("routes", routes);
    }

    private static String checksum(Path directory) {
        TreeSet<Path> inOrder = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.camel.yaml")) {
            files.forEach(inOrder::add);
            MessageDigest sha256 = DigestUtils.getSha256Digest();
            for (Path file : inOrder) {
                sha256.update(Files.readAllBytes(file));
            }
            return Hex.encodeHexString(sha256.digest());
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The route files in " + directory + " cannot be read", unreadable);
        }
    }
}
