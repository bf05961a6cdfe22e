package org.ccmessaging.filestream.response;

/**
 * The body that step {@code encode-stream} leaves for step {@code respond}.
 *
 * @param envelope encodes the opened file while the service sends it
 * @param successCode the {@code resultCode} of a complete file
 */
record EncodedFile(Base64Envelope envelope, String successCode) {
}
