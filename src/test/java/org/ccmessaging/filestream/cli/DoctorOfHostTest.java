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

/** What {@code doctor} finds at this machine, the route files and the settings. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.springframework.boot.diagnostics", texts = "APPLICATION FAILED TO START")
class DoctorOfHostTest {

    @TempDir
    private Path folder;

    @Test
    void tableHasEachAreaWithinAHundredColumnsAndTheCount() {
        Doctor doctor = Doctor.run(Map.of("filestream.routes.live-reload", "true"));

        assertThat(doctor.output().lines()).allMatch(line -> line.length() <= 100)
                .anyMatch(line -> line.matches("ok +settings +all: names and values"))
                .anyMatch(line -> line.matches("ok +stores +local, multimedia-library, standard: storage: there"))
                .anyMatch(line -> line.matches("ok +identity +filestream.auth.signing-key: .*"))
                .anyMatch(line -> line.matches("ok +host +routes: check: \\d+ files, 0 errors, 0 warnings"))
                .anyMatch(line -> line.matches("ok +host +routes: frame: as in the jar"))
                .anyMatch(line -> line.matches("warn +host +folders: filestream.routes.history: none, .*"))
                .anyMatch(line -> line.matches(".* memory: heap \\d+ MB, rest 250 MB, limit .*"))
                .anyMatch(line -> line.matches(" +-> Set it to a folder that .*"))
                .last().asString().matches("\\d+ ok, \\d+ warn, 0 broken, \\d+\\.\\d s");
        assertThat(doctor.status()).isZero();
    }

    @Test
    void historyFolderThatIsAFileIsBrokenAndAMissingOneIsNotCreated() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(Doctor.json(Map.of("filestream.routes.history", file)).of("folders")).last().asString()
                .startsWith("broken filestream.routes.history: ");

        Path missing = folder.resolve("a/b");
        assertThat(Doctor.json(Map.of("filestream.routes.history", missing)).of("folders"))
                .contains("ok filestream.routes.history: " + missing + ", writable");
        assertThat(missing).doesNotExist();
    }

    @Test
    void errorInARouteAndAnEditOfTheFrameAreBroken() throws Exception {
        FileSystemUtils.copyRecursively(Path.of("routes"), folder);
        Path frame = folder.resolve("download-file-stream.camel.yaml");
        Files.writeString(frame, Files.readString(frame).replace("record-download", "record-nothing"));

        assertThat(Doctor.json(Map.of("filestream.routes.directory", folder)).of("routes"))
                .anySatisfy(finding -> assertThat(finding).startsWith("broken check: ").contains("R104"))
                .contains("broken frame: edited");
    }

    @Test
    void unknownSettingIsBrokenAsAtStartup() {
        Doctor doctor = Doctor.json(Map.of("filestream.downlod.max-in-flight", 3));

        assertThat(doctor.of("all")).singleElement().asString()
                .startsWith("broken No such setting: filestream.downlod.max-in-flight");
        assertThat(doctor.status()).isEqualTo(1);
    }
}
