/**
 * What operators see of requests: the log line and the meters of a download, user IDs in logs, traces. Only this room
 * uses Logback.
 *
 * <p>Does not belong here: anything that a client sees.
 */
package org.ccmessaging.filestream.observe;
