/**
 * Performance only: skip on first reading. What makes GETs cheap and their waits short: single-attempt GETs with the
 * hand-over of failed ones to the SDK, the concurrency limit, abandoned responses, meters of the connection pool.
 */
package org.ccmessaging.filestream.storage.s3.client;
