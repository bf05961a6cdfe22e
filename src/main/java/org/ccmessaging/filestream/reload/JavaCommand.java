package org.ccmessaging.filestream.reload;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/**
 * The command that starts this product again in another process, with the same classes and without its settings.
 *
 * @param classPath as system property {@code java.class.path} has it
 * @param started the started class or jar and its arguments, as {@code sun.java.command} has them; {@code null} if
 *     unknown
 */
record JavaCommand(String java, String classPath, String started, List<String> options) {

    /** The name of a class that this package must not use, because that class uses this package. */
    private static final String MAIN = "org.ccmessaging.filestream.FileStreamApplication";

    /** Leads to classes. Other system properties may hold secrets, and everybody sees the arguments of a process. */
    private static final String CLASSES = "-Dloader.path=";

    /** Options that stay. With an archive of the same classes a process starts in half the time. */
    private static final List<String> KEPT = List.of(CLASSES, "--", "-XX:AOTCache=", "-XX:SharedArchiveFile=");

    static JavaCommand ofThisProcess() {
        return new JavaCommand(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"), System.getProperty("sun.java.command"),
                ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    /**
     * Returns the command that starts the same classes from the unpacked jar, since the launcher for jars in a jar
     * makes each class expensive. The jar stays packed if its operator named a folder of connectors, or if there is
     * little room.
     */
    JavaCommand unpacked(Path place) {
        if (!isJar() || options.stream().anyMatch(option -> option.startsWith(CLASSES))
                || place.toFile().getUsableSpace() < 3 * new File(classPath).length()) {
            return this;
        }
        Path folder = place.resolve("jar");
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(classPath))) {
            if (Files.notExists(jar.getPath("BOOT-INF"))) {
                // The jar of an unpacked product, with its libraries beside it.
                return this;
            }
            FileSystemUtils.copyRecursively(jar.getPath("/"), folder);
            // Spring Boot leaves some resources at the root.
            return new JavaCommand(java, "lib/*:<jar>/BOOT-INF/classes:<jar>:<jar>/BOOT-INF/lib/*"
                    .replace(":", File.pathSeparator).replace("<jar>", folder.toString()), null, options);
        } catch (IOException | ProviderNotFoundException packed) {
            // The process only starts slower.
            return this;
        }
    }

    /** @param more options for the Java VM, which override those of this process */
    List<String> with(List<String> more, List<String> command) {
        List<String> all = new ArrayList<>(List.of(java));
        options.stream().filter(option -> KEPT.stream().anyMatch(option::startsWith)).forEach(all::add);
        all.addAll(more);
        all.addAll(isJar() ? List.of("-jar", classPath) : List.of("-cp", classPath, MAIN));
        all.addAll(command);
        return all;
    }

    /** With {@code -jar}, the class path is the jar, and {@link #started} begins with it. */
    private boolean isJar() {
        return classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)
                && (started + " ").startsWith(classPath + " ");
    }
}
