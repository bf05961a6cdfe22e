package org.ccmessaging.filestream.routes.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.language.RouteLanguage;

/** Route files that a test writes into a folder, and what the first levels of the check find in them. */
record RouteTexts(Path folder) {

    RouteTexts with(String name, String text) {
        return with(name, text.getBytes(StandardCharsets.UTF_8));
    }

    RouteTexts with(String name, byte[] bytes) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
            return this;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    RouteSet read(Findings findings) {
        return RouteSet.read(RouteFiles.read(folder), RouteLanguage.ofProduct(), key -> null, findings);
    }

    /** File, line and column, level, code and message of each finding of the text level. */
    List<String> textFindings() {
        Findings findings = new Findings();
        TextLevel.unread(folder, findings);
        read(findings);
        return lines(findings);
    }

    private List<String> lines(Findings findings) {
        return findings.sorted().stream().map(Report::line)
                .map(line -> line.replace(folder + "/", "").replaceAll("  +", " ")).toList();
    }
}
