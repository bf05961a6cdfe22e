package org.ccmessaging.filestream.toolkit;

/**
 * The body of downloadFileStream (contract section 2). Before step {@code check-request}, all fields except
 * {@code multiMedia} may be {@code null}. {@code fileId} may be {@code null} even after that step.
 *
 * @param fileId the file's ID from poll; {@code local/…} for a file that the agent sent from a computer
 * @param channel always {@code WEB}
 * @param fileType one of {@code filestream.download.file-types}, in upper or lower case
 * @param multiMedia {@code multiMedia} if the file is in the multimedia library; otherwise an empty text
 */
public record DownloadRequest(String fileId, String channel, String fileType, String multiMedia) {

    public DownloadRequest {
        multiMedia = multiMedia == null ? "" : multiMedia;
    }
}
