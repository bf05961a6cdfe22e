package org.ccmessaging.filestream.response;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.util.StringUtils;

/** Makes the links to files (contract section 9). */
record FileLinks(DownloadSettings settings) {

    /** Maximum characters of a name. A character takes up to 30 bytes of a URL. Most stores refuse URLs over 8 KB. */
    private static final int LONGEST_NAME = 100;

    /** Characters that {@code _} replaces: invisible characters, and characters that reverse text. */
    private static final String INVISIBLE = "[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cn}\\u2028\\u2029]";

    /** Returns the link to a file; {@code null} if {@code file-url} is {@code off}, or the storage makes no link. */
    Secret to(StoredObject object, Exchange exchange) {
        if (settings.fileUrl() == DownloadSettings.FileUrl.OFF) {
            return null;
        }
        DownloadRequest request = exchange.getVariable(Variables.REQUEST, DownloadRequest.class);
        String extension = "." + request.fileType().toLowerCase(Locale.ROOT);
        // The interface spells bmp as bpm (contract section 2).
        Optional<MediaType> type = MediaTypeFactory.getMediaType(extension.equals(".bpm") ? ".bmp" : extension);
        String name = name(request.fileId(), extension, type);
        // Uses UTF-8 only if necessary, because the header then contains the name twice.
        Charset charset = StandardCharsets.US_ASCII.newEncoder().canEncode(name) ? StandardCharsets.US_ASCII
                : StandardCharsets.UTF_8;
        // A browser shows these types without running them. Files of other types become attachments.
        Optional<MediaType> shown = type.filter(it -> it.getType().matches("image|audio|video")
                && !it.getSubtype().startsWith("svg") || it.equals(MediaType.APPLICATION_PDF)
                || it.equals(MediaType.TEXT_PLAIN));
        return object.link(settings.fileUrlLifetime(), shown.orElse(MediaType.APPLICATION_OCTET_STREAM).toString(),
                (shown.isPresent() ? ContentDisposition.inline() : ContentDisposition.attachment())
                        .filename(name, charset).build().toString());
    }

    /** Returns the last part of the ID. Adds the extension if the ID has no extension of this file type. */
    private static String name(String fileId, String extension, Optional<MediaType> type) {
        // The ID is null if an edited route opens a file without an ID.
        String name = fileId == null ? "file" : StringUtils.getFilename(fileId).replaceAll(INVISIBLE, "_");
        name = name.substring(Math.max(0, name.length() - LONGEST_NAME));
        return name.toLowerCase(Locale.ROOT).endsWith(extension)
                || type.isPresent() && type.equals(MediaTypeFactory.getMediaType(name)) ? name : name + extension;
    }
}
