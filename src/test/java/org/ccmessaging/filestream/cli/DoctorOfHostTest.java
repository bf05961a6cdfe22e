package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** What {@code doctor} finds at the route files and the settings. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.springframework.boot.diagnostics", texts = "APPLICATION FAILED TO START")
class DoctorOfHostTest {

    @TempDir
    private Path folder;

    @Test
    void tableHasARowForEachAreaAndTheCount() {
        Doctor doctor = Doctor.run(Map.of());

        assertThat(doctor.output().lines()).anyMatch(line -> line.matches("ok +settings +all: names and values"))
                .anyMatch(line -> line.matches("ok +stores +local, multimedia-library, standard: storage: there"))
                .anyMatch(line -> line.matches("ok +identity +filestream.auth.signing-key: .*"))
                .anyMatch(line -> line.matches("ok +host +routes: check: \\d+ files, 0 errors, 0 warnings"))
                .last().asString().matches("\\d+ ok, 0 warn, 0 broken, \\d+\\.\\d s");
        assertThat(doctor.status()).isZero();
    }

    @Test
    void errorInARouteIsBrokenWithItsAdvice() throws Exception {
        FileSystemUtils.copyRecursively(Path.of("routes"), folder);
        Path frame = folder.resolve("download-file-stream.camel.yaml");
        Files.writeString(frame, Files.readString(frame).replace("record-download", "record-nothing"));
        Doctor doctor = Doctor.run(Map.of("filestream.routes.directory", folder));

        assertThat(doctor.output()).containsPattern("broken +host +routes: check: .* such as .* R104 ")
                .containsPattern("\n +-> `routes check` lists all\n");
        assertThat(doctor.status()).isEqualTo(1);
    }

    @Test
    void unknownSettingIsBrokenAsAtStartup() {
        Doctor doctor = Doctor.json(Map.of("filestream.downlod.max-in-flight", 3));

        assertThat(doctor.of("all")).singleElement().asString()
                .startsWith("broken No such setting: filestream.downlod.max-in-flight");
        assertThat(doctor.status()).isEqualTo(1);
    }
}
