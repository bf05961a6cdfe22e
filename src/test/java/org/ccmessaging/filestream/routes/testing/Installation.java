package org.ccmessaging.filestream.routes.testing;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ccmessaging.filestream.observe.RecentRequests.Asked;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.toolkit.DownloadRequest;

/** An installation with a catalogue, a branch {@code archive}, and a branch {@code reports} that nobody has read. */
public final class Installation {

    public static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("filestream.library.catalogue", "sql"),
            Map.entry("filestream.routes.request-headers", "X-Client-Version"),
            Map.entry("filestream.routes.hosts", "events.example.com"),
            Map.entry("filestream.http.response-headers", "Cache-Control,X-Service-Version"),
            Map.entry("filestream.storage.archive.type", "s3"),
            Map.entry("filestream.storage.archive.bucket", "archive"),
            Map.entry("filestream.storage.archive.key", "${variable.tenantId}/${variable.objectKey}"),
            Map.entry("filestream.storage.reports.type", "s3"),
            Map.entry("filestream.storage.reports.bucket", "reports"),
            Map.entry("filestream.storage.reports.key", "${variable.tenantId}/${variable.objectKey}"));

    private Installation() {
    }

    /** Returns distinct requests of its customers, and what became of them. */
    public static List<Seen> requests(int count) {
        List<String> tenants = List.of("acme", "acme", "globex", "acme", "north-9", "globex", "demo");
        List<String> channels = List.of("web-1", "web-1", "web-2", "app-7");
        List<String> versions = List.of("2.4", "2.4", "10.1", "3.0", "");
        return IntStream.range(0, count).mapToObj(i -> {
            String tenant = tenants.get(i % tenants.size());
            String rest = switch (i / 10 % 6) {
                case 0 -> "2019/letter-" + i + ".pdf";
                case 1 -> "2026/11/Letter-" + i + ".PDF";
                case 2 -> "scan-" + i + ".tiff";
                case 3 -> "photos/IMG_" + i + ".JPG";
                case 4 -> "a b/\u00fcbersicht-" + i + ".pdf";
                default -> "2025/" + i;
            };
            String fileId = switch (i % 10) {
                case 0, 1 -> "archive/" + rest;
                case 2 -> "local/" + (i % 20 == 2 ? "scan/" : "") + rest;
                case 3, 4 -> Long.toString(1179725658739559425L + i);
                case 5 -> "archived-" + i + ".pdf";
                case 6 -> "reports/archive/" + rest;
                case 7 -> "contracts/" + rest;
                default -> rest;
            };
            boolean library = i % 10 == 3 || i % 10 == 4 || i % 50 == 1;
            Map<String, String> headers = versions.get(i % 5).isEmpty() ? Map.of()
                    : Map.of("X-Client-Version", versions.get(i % 5));
            String type = i % 3 == 0 ? "pdf" : i % 3 == 1 ? "PDF" : "txt";
            boolean found = i % 17 != 0;
            String branch = fileId.startsWith("archive/") ? "archive" : fileId.startsWith("local/") ? "local"
                    : library ? "multimedia-library" : "standard";
            String lookedUp = branch.startsWith("multi") && i % 13 != 0 ? "films/" + i + ".mp4" : null;
            String key = switch (branch) {
                case "archive" -> fileId.substring(8);
                case "local" -> fileId.substring(6);
                case "standard" -> fileId;
                default -> lookedUp;
            };
            return new Seen(new Asked(tenant, channels.get(i / 7 % 4), i % 4 == 3 ? "shop-app" : "demo-app",
                    new DownloadRequest(fileId, "WEB", type, library ? "multiMedia" : null), headers),
                    key == null ? "401" : found ? "0" : "13", branch, key == null ? null : tenant + "/" + key,
                    key != null && found ? 40_000 : -1, lookedUp, false);
        }).toList();
    }
}
