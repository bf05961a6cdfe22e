package org.ccmessaging.filestream.toolkit;

/**
 * The request body of downloadFileStream (contract section 2). Step {@code check-request} ensures the values described
 * here, except for {@code fileId}.
 *
 * @param fileId the file's ID, which another system ({@code poll}) made; may be {@code null}, and begins with
 *     {@code local/} if an agent sent the file from a computer
 * @param channel always {@code WEB}
 * @param fileType one of {@code filestream.download.file-types}, ignoring case
 * @param multiMedia {@code multiMedia} if the file is in the multimedia library; otherwise an empty text
 */
public record DownloadRequest(String fileId, String channel, String fileType, String multiMedia) {

    public DownloadRequest {
        multiMedia = multiMedia == null ? "" : multiMedia;
    }
}
