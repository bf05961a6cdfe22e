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

    /** Limits the URL length: a character of the name takes up to 30 bytes, and most stores refuse URLs over 8 KB. */
    private static final int LONGEST_NAME = 100;

    /** Invisible characters, and characters that reverse text. */
    private static final String INVISIBLE = "[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cn}\\u2028\\u2029]";

    /** Returns a link; {@code null} if {@code file-url} is {@code off}, or the storage makes no link. */
    Secret to(StoredObject object, Exchange exchange) {
        if (settings.fileUrl() == DownloadSettings.FileUrl.OFF) {
            return null;
        }
        DownloadRequest request = exchange.getVariable(Variables.REQUEST, DownloadRequest.class);
        String extension = "." + request.fileType().toLowerCase(Locale.ROOT);
        // The interface spells bmp as bpm (contract section 2).
        Optional<MediaType> type = MediaTypeFactory.getMediaType(extension.equals(".bpm") ? ".bmp" : extension);
        String name = name(request.fileId(), extension, type);
        // ASCII keeps the link short: with UTF-8, Content-Disposition contains the name twice.
        Charset charset = StandardCharsets.US_ASCII.newEncoder().canEncode(name) ? StandardCharsets.US_ASCII
                : StandardCharsets.UTF_8;
        // Lets browsers show only these types. Files of other types are attachments, because they may contain scripts.
        Optional<MediaType> shown = type.filter(it -> it.getType().matches("image|audio|video")
                && !it.getSubtype().startsWith("svg") || it.equals(MediaType.APPLICATION_PDF)
                || it.equals(MediaType.TEXT_PLAIN));
        return object.link(settings.fileUrlLifetime(), shown.orElse(MediaType.APPLICATION_OCTET_STREAM).toString(),
                (shown.isPresent() ? ContentDisposition.inline() : ContentDisposition.attachment())
                        .filename(name, charset).build().toString());
    }

    /** Returns the last part of the ID, with an extension of the file type. */
    private static String name(String fileId, String extension, Optional<MediaType> type) {
        // An edited route may open a file although the request has no fileId.
        String name = fileId == null ? "file" : StringUtils.getFilename(fileId).replaceAll(INVISIBLE, "_");
        name = name.substring(Math.max(0, name.length() - LONGEST_NAME));
        return name.toLowerCase(Locale.ROOT).endsWith(extension)
                || type.isPresent() && type.equals(MediaTypeFactory.getMediaType(name)) ? name : name + extension;
    }
}
