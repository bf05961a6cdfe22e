package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.support.JarProcess;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/** What happens in a running service to a serialized Java object. In a process of its own, because all of it is set. */
@Tag("service")
class SerializedObjectsTest {

    private static final int REFUSED = 42;

    /** A bean of the service in the other process, by {@code spring.main.sources}. */
    static final class Reader implements ApplicationRunner {

        @Override
        public void run(ApplicationArguments arguments) throws Exception {
            System.exit(isRefused(null) && isRefused(ObjectInputFilter.Config.createFilter("*")) ? REFUSED : 1);
        }
    }

    /** @param own the filter that a library sets for its stream, if it sets one */
    private static boolean isRefused(ObjectInputFilter own) throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(written)) {
            out.writeObject(new File("/proc/self/environ"));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(written.toByteArray()))) {
            if (own != null) {
                in.setObjectInputFilter(own);
            }
            in.readObject();
            return false;
        } catch (InvalidClassException refused) {
            return true;
        }
    }

    @Test
    void runningServiceReadsNoSerializedObject() throws Exception {
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), FileStreamApplication.class.getName(),
                "--spring.main.sources=" + Reader.class.getName(), "--server.port=0", "--management.server.port=0",
                "--filestream.auth.signing-key=" + Service.SIGNING_KEY,
                "--filestream.storage.standard.type=filesystem",
                "--filestream.storage.multimedia-library.type=filesystem").redirectErrorStream(true).start();
        String output = JarProcess.output(process);

        assertThat(process.exitValue()).as(output).isEqualTo(REFUSED);
    }
}
