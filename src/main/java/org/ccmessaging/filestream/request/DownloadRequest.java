package org.ccmessaging.filestream.request;

/**
 * The body of downloadFileStream (contract section 2). Any field may be {@code null} until the request was checked.
 *
 * @param fileId the file's ID from poll; {@code local/…} for one that the agent sent from a computer
 * @param channel fixed: {@code WEB}
 * @param fileType one of {@code filestream.download.file-types}
 * @param multiMedia {@code multiMedia} when the file is in the multimedia library
 */
public record DownloadRequest(String fileId, String channel, String fileType, String multiMedia) {
}
