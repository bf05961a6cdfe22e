package org.ccmessaging.filestream.cli;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.settings.Examination;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Examines this machine or container, and the route files. The heap is that of this process. */
@Lazy
@Component("host")
record HostChecks(RoutesSettings settings, Check check) implements Examination {

    private static final long MB = 1024 * 1024;

    /** Memory of the service outside its heap under load, in MB (docs/deployment.md#memory). */
    private static final long OUTSIDE_HEAP = 250;

    /** The rule about an edit of the frame. */
    private static final String FRAME = "R104";

    @Override
    public Map<String, Attempt> attempts(Given given) {
        return new TreeMap<>(Map.of("process", this::process, "folders", this::folders, "routes", this::routes));
    }

    private void process(Notes notes) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long heap = Runtime.getRuntime().maxMemory() / MB;
        long limit = system.getTotalMemorySize() / MB;
        notes.should(heap + OUTSIDE_HEAP <= limit, "memory: heap " + heap + " MB, rest " + OUTSIDE_HEAP
                + " MB, limit " + limit + " MB",
                "Raise the limit of the container, or lower -Xmx (docs/deployment.md#memory)");
    }

    private void folders(Notes notes) {
        folder("temporary folder", Path.of(System.getProperty("java.io.tmpdir")), notes);
        if (settings.history() != null) {
            folder("filestream.routes.history", settings.history(), notes);
        } else if (settings.liveReload()) {
            notes.should(false, "filestream.routes.history: none, so a restart forgets former routes",
                    "Set it to a folder that the user of the service can write");
        }
    }

    private static void folder(String what, Path folder, Notes notes) {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        boolean writable = Files.isDirectory(existing) && Files.isWritable(existing);
        notes.must(writable, what + ": " + folder + (writable ? ", writable" : ", not writable"),
                "Mount a folder there that the user of the service can write");
    }

    private void routes(Notes notes) {
        Report report = check.run(RouteFiles.read(settings.directory()));
        notes.must(!report.hasErrors(), "check: " + report.summary() + (report.hasErrors() ? ", such as "
                + report.lines().get(0) : ""), "`routes check` lists all");
        boolean edited = report.findings().stream().anyMatch(finding -> finding.code().equals(FRAME));
        notes.must(!edited, "frame: " + (edited ? "edited" : "as in the jar"),
                "`routes explain " + FRAME + "` shows where an edit of the frame goes");
    }
}
