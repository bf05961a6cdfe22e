/**
 * Observability: the log line and the meters of a download, IDs in logs, the audit log, traces.
 * Only this package uses Logback, apart from {@code routes.testing} in tests of routes.
 */
package org.ccmessaging.filestream.observe;
