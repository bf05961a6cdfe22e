package org.ccmessaging.filestream.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Service;

/** A run of command {@code doctor} in this process, with folders unless there is a store. */
public record Doctor(int status, String output) {

    public static Doctor run(Map<String, Object> settings, String... arguments) {
        Map<String, Object> all = new HashMap<>(Service.complete(settings));
        (all.containsKey("filestream.s3.endpoint") ? Stream.of("local")
                : Stream.of("local", "multimedia-library", "standard")).forEach(branch -> {
                    all.put("filestream.storage." + branch + ".type", "filesystem");
                    all.put("filestream.storage." + branch + ".root", "src/test/resources");
                });
        CommandRun run = CommandRun.of(Stream.of(Stream.of("doctor"), Stream.of(arguments), Stream.of("--"),
                all.entrySet().stream().map(setting -> "--" + setting.getKey() + "=" + setting.getValue()))
                .flatMap(each -> each).toArray(String[]::new));
        return new Doctor(run.status(), run.out() + run.err());
    }

    /** The findings about a subject, each with its advice, as in {@code warning Range: 200 -> Let proxies pass}. */
    public List<String> of(String subject) {
        return output.replace("\n          -> ", " -> ").lines()
                .filter(line -> line.matches("(OK|warning|critical) +" + subject + ": .*"))
                .map(line -> line.replaceFirst(" +" + subject + ":", "")).toList();
    }
}
