package org.ccmessaging.filestream.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code apps} and its subcommand. */
@Command(name = "apps", description = "Helps with the apps that may fetch tokens.")
final class AppsCommand {

    @Spec
    private CommandSpec spec;

    @Command(description = "Reads the secret of an app from the terminal, without echo, or else from standard input,"
            + " and prints its hash for filestream.auth.apps.<app key>.secret.")
    int hash() throws IOException {
        Console terminal = System.console();
        String secret;
        if (terminal == null) {
            secret = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        } else {
            char[] typed = terminal.readPassword("Secret: ");
            if (!Arrays.equals(typed, terminal.readPassword("Once more: "))) {
                throw new IOException("the two secrets differ");
            }
            secret = typed == null ? null : new String(typed);
        }
        if (secret == null || secret.isBlank()) {
            throw new IOException("the secret is blank");
        }
        // Apps send the secret in UTF-8.
        if (secret.indexOf('\uFFFD') >= 0) {
            throw new IOException("the secret has characters that the encoding of the terminal (LANG) lacks");
        }
        spec.commandLine().getOut().println(PasswordEncoderFactories.createDelegatingPasswordEncoder().encode(secret));
        return 0;
    }
}
