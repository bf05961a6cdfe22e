package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.ccmessaging.filestream.FileStreamApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;

/** {@code apps hash} where there is no terminal. */
@ResourceLock("System.in")
class AppsCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String input, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return Commands.run(FileStreamApplication.class, System::getenv, new PrintWriter(out),
                    new PrintWriter(err), arguments);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void hashOfTheFirstLineIsTheWholeOutput() {
        assertThat(run("gehäim secret\nand more\n", "apps", "hash")).isZero();

        assertThat(out.toString()).matches("\\{bcrypt}\\$2a\\$10\\$\\S{53}\\R");
        assertThat(err.toString()).isEmpty();
        assertThat(PasswordEncoderFactories.createDelegatingPasswordEncoder()
                .matches("gehäim secret", out.toString().strip())).isTrue();
    }

    @Test
    void secretThatCannotBeHashedGivesStatus2AndNoOutput() {
        assertThat(run("\n", "apps", "hash")).isEqualTo(2);
        assertThat(err.toString()).contains("hash: the secret is blank");
        assertThat(run("x".repeat(73), "apps", "hash")).isEqualTo(2);
        assertThat(err.toString()).contains("72 bytes");
        assertThat(run("", "apps")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void inputOfAnotherEncodingGivesStatus2() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("geh\u00e4im\n".getBytes(StandardCharsets.ISO_8859_1)));
        try {
            assertThat(Commands.run(FileStreamApplication.class, System::getenv, new PrintWriter(out),
                    new PrintWriter(err), "apps", "hash")).isEqualTo(2);
        } finally {
            System.setIn(before);
        }
        assertThat(err.toString()).contains("characters that the encoding");
        assertThat(out.toString()).isEmpty();
    }
}
