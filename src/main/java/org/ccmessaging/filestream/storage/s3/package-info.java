/**
 * Branches of type {@code s3}: requests for objects, verified responses, checksums, resumed reads, deadlines, and the
 * health of buckets. Only this package uses the AWS SDK to reach a store.
 *
 * <p>A GET passes these classes in this order: {@code RouteS3Client} refuses requests that step request-object did not
 * make. {@code S3Store} has the connections to one store. {@code SingleAttemptGets} leaves out the SDK's machinery
 * where it can. {@code StoreHttpClient} has the circuit, the concurrency limit, the pool and the verification.
 * {@code ResumingStream} reads the body. {@code SingleAttemptGets} and {@code ConcurrencyLimit} only improve
 * performance.
 */
package org.ccmessaging.filestream.storage.s3;
