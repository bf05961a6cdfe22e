package org.ccmessaging.filestream.response;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;

/** Makes the links to opened files, member {@code fileUrl} of a response (contract section 9). */
final class FileUrl {

    private final DownloadSettings settings;

    FileUrl(DownloadSettings settings) {
        this.settings = settings;
    }

    /** Returns the link to the file of an exchange; {@code null} if the settings or its storage have none. */
    Secret of(StoredObject object, Exchange exchange) {
        if (settings.fileUrl() == DownloadSettings.FileUrl.OFF) {
            return null;
        }
        DownloadRequest request = exchange.getVariable(Variables.REQUEST, DownloadRequest.class);
        String name = request.fileId().substring(request.fileId().lastIndexOf('/') + 1);
        return object.link(settings.fileUrlLifetime(), contentType(request.fileType().toLowerCase(Locale.ROOT)),
                ContentDisposition.inline().filename(name, StandardCharsets.UTF_8).build().toString());
    }

    /** Returns whether a response with a link has no bytes of the file. */
    boolean isAlone(StoredObject object) {
        return settings.fileUrlOnlyAbove() != null && object.length() > settings.fileUrlOnlyAbove().toBytes();
    }

    /** Returns a type that a browser shows without running it. It saves a file of any other type. */
    private String contentType(String fileType) {
        MediaType type = MediaTypeFactory.getMediaType("file." + settings.fileTypeAliases()
                .getOrDefault(fileType, fileType)).orElse(MediaType.APPLICATION_OCTET_STREAM);
        boolean shown = type.getType().matches("image|audio|video") && !type.getSubtype().startsWith("svg")
                || type.equals(MediaType.APPLICATION_PDF) || type.equals(MediaType.TEXT_PLAIN);
        return (shown ? type : MediaType.APPLICATION_OCTET_STREAM).toString();
    }
}
