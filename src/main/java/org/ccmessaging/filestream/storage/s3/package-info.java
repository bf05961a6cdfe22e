/**
 * Branches of type {@code s3}: the request for an object, its resumed reads, its checksum, its deadline, and the client
 * that accepts a response only for its own request. Only this room and the one below use the AWS SDK.
 */
package org.ccmessaging.filestream.storage.s3;
