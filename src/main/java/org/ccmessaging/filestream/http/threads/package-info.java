/**
 * Performance only: skip on first reading. The threads that run requests and write streamed responses.
 */
package org.ccmessaging.filestream.http.threads;
