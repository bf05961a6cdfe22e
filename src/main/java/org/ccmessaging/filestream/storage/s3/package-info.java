/**
 * Branches of type {@code s3}: the request for an object, its verified response, its checksum, its resumed reads, its
 * deadline, and the health of a bucket. Only this package uses the AWS SDK to reach a store.
 *
 * <p>A GET passes {@code BoundGets} (only the request that step request-object made), {@code S3Store} (one for each
 * store; its constructor builds the rest), {@code SingleAttemptGets} (without the SDK's machinery where that will do),
 * {@code StoreHttpClient} (the circuit, the concurrency limit, the pool, the verification). {@code ResumingStream}
 * reads the body. {@code SingleAttemptGets} and {@code ConcurrencyLimit} are there for performance only.
 */
package org.ccmessaging.filestream.storage.s3;
