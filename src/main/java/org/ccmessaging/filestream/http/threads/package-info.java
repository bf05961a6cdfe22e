/**
 * Performance only: skip on first reading. The threads that run requests and write streamed responses.
 *
 * <p>Does not belong here: anything that changes what a client gets.
 */
package org.ccmessaging.filestream.http.threads;
