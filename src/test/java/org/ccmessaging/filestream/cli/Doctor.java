package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.ccmessaging.filestream.support.Service;
import picocli.CommandLine;

/** A run of command {@code doctor} in this process, with folders unless there is a store, and its findings. */
public record Doctor(int status, String output) {

    /** More than any attempt takes, beside other JVMs. */
    private static final int PATIENT = 300;

    static Doctor run(Map<String, Object> settings, String... arguments) {
        return run(settings, PATIENT, arguments);
    }

    static Doctor run(Map<String, Object> settings, int seconds, String... arguments) {
        Map<String, Object> all = new HashMap<>(Service.complete(settings));
        (all.containsKey("filestream.s3.endpoint") ? Stream.of("local")
                : Stream.of("local", "multimedia-library", "standard")).forEach(branch -> {
                    all.put("filestream.storage." + branch + ".type", "filesystem");
                    all.put("filestream.storage." + branch + ".root", "src/test/resources");
                });
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new DoctorCommand(seconds))
                .setCaseInsensitiveEnumValuesAllowed(true).setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        return new Doctor(command.execute(Stream.of(Stream.of(arguments), Stream.of("--"),
                all.entrySet().stream().map(setting -> "--" + setting.getKey() + "=" + setting.getValue()))
                .flatMap(each -> each).toArray(String[]::new)), out.toString());
    }

    /** Returns the findings as JSON. */
    public static Doctor json(Map<String, Object> settings, String... arguments) {
        return run(settings, Stream.concat(Stream.of("--format", "json"), Stream.of(arguments))
                .toArray(String[]::new));
    }

    /** The findings about a subject, as in {@code ok Range: 206}. */
    public List<String> of(String subject) {
        try {
            JsonNode findings = new ObjectMapper().readTree(output);
            return StreamSupport.stream(findings.spliterator(), false)
                    .filter(finding -> finding.path("subject").asText().equals(subject))
                    .peek(finding -> assertThat(finding.path("advice").asText().isEmpty()).as(finding.toString())
                            .isEqualTo(finding.path("level").asText().equals("ok")))
                    .map(finding -> finding.path("level").asText() + " " + finding.path("tried").asText()).toList();
        } catch (JsonProcessingException malformed) {
            throw new AssertionError(output, malformed);
        }
    }
}
