import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * Logs from its start until it has ended, also while Logback stops. The {@code java} command compiles it: development
 * mode is the only class with a method {@code main} among the tests.
 */
class Program {

    /** Far more than the queue and a pipe hold. */
    private static final int LINES = 10_000;

    public static void main(String[] arguments) throws Exception {
        new SpringApplicationBuilder(Object.class).web(WebApplicationType.NONE).run(
                "--filestream.auth.signing-key=a-key-of-at-least-thirty-two-bytes");
        Logger log = LoggerFactory.getLogger("program");
        for (int i = 0; i < LINES; i++) {
            log.info("line {}", i);
        }
        Files.createFile(Path.of(arguments[0]));
        while (true) {
            log.warn("still running");
            Thread.sleep(1);
        }
    }
}
