/** Observability: log lines and meters of downloads, meters of routes, the audit log and traces. */
package org.ccmessaging.filestream.observe;
