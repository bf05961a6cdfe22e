package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** A store that is another program, which a script of {@code src/test/resources/stores} starts. */
@Tag("stores")
abstract class StoreProgramContract extends S3StoreContract {

    private final String script;
    private final int ports;
    private final List<String> credentials;
    private Process program;

    /** @param ports how many free ports the script needs; the first is that of the store */
    StoreProgramContract(String name, String script, int ports, String accessKey, String secretKey) {
        super(name, accessKey, secretKey);
        this.script = script;
        this.ports = ports;
        this.credentials = List.of(accessKey, secretKey);
    }

    @Override
    final URI start(Path folder) throws Exception {
        List<String> command = new ArrayList<>(List.of("setsid", "--wait", "bash",
                "src/test/resources/stores/" + script, folder.toString()));
        addFreePorts(ports, command);
        command.addAll(credentials);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        program = builder.start();
        BufferedReader output = program.inputReader();
        List<String> lines = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.equals("ready")) {
                return ready(URI.create("http://localhost:" + command.get(5)));
            }
            lines.add(line);
        }
        assumeThat(lines).as("%s", lines).noneMatch(line -> line.startsWith("skipped: "));
        throw new AssertionError(script + " does not start the store: " + lines);
    }

    private static void addFreePorts(int count, List<String> command) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0));
        }
        for (ServerSocket socket : sockets) {
            command.add(Integer.toString(socket.getLocalPort()));
            socket.close();
        }
    }

    /** Its script reads its input until then, and ends what it started. */
    @Override
    final void stop() throws Exception {
        super.stop();
        if (program != null) {
            program.getOutputStream().close();
            program.waitFor();
        }
    }
}
