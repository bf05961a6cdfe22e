/**
 * Observability: the log line and the meters of a download, IDs in logs, the audit log, traces.
 * Of the service, only this package uses Logback; {@code routes.testing} uses it in tests of routes.
 */
package org.ccmessaging.filestream.observe;
