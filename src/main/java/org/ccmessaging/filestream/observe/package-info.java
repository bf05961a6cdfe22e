/**
 * Observability: the log line and the meters of a download, the last failures, IDs in logs, the audit log, traces.
 * Only this package uses Logback.
 */
package org.ccmessaging.filestream.observe;
