package org.ccmessaging.filestream.toolkit;

/**
 * The body of downloadFileStream (contract section 2). Any field may be {@code null} until step {@code check-request}
 * has checked it; {@code fileId} may be {@code null} after that too.
 *
 * @param fileId the file's ID from poll; {@code local/…} for a file that the agent sent from a computer
 * @param channel always {@code WEB}
 * @param fileType one of {@code filestream.download.file-types}, in upper or lower case
 * @param multiMedia {@code multiMedia} if the file is in the multimedia library; empty, and never {@code null}, if not
 */
public record DownloadRequest(String fileId, String channel, String fileType, String multiMedia) {

    public DownloadRequest {
        multiMedia = multiMedia == null ? "" : multiMedia;
    }
}
