package org.ccmessaging.filestream.toolkit;

/**
 * The body of downloadFileStream (contract section 2). Step {@code check-request} ensures the values described here.
 *
 * @param fileId the file's ID from poll; {@code local/…} for a file from the agent's computer; or {@code null}
 * @param channel always {@code WEB}
 * @param fileType one of {@code filestream.download.file-types}, in upper or lower case
 * @param multiMedia {@code multiMedia} if the file is in the multimedia library; otherwise an empty text
 */
public record DownloadRequest(String fileId, String channel, String fileType, String multiMedia) {

    public DownloadRequest {
        multiMedia = multiMedia == null ? "" : multiMedia;
    }
}
