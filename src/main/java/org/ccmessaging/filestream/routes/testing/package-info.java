/**
 * The author's tool: runs the tests that authors write beside their routes, and rehearses an edit with the last
 * requests of customers. It reads {@code *.test.yaml}, starts the service with a store in memory, replaces or fails
 * steps, and compares outcomes. Nothing that serves needs this package.
 */
package org.ccmessaging.filestream.routes.testing;
