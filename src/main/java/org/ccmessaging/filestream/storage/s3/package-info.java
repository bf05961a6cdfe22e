/**
 * Branches of type {@code s3}: requests for objects, verified responses, checksums, resumed reads, deadlines, and the
 * health of buckets. Only this package uses the AWS SDK to reach a store.
 */
package org.ccmessaging.filestream.storage.s3;
