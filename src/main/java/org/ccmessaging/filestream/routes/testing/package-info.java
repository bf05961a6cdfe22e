/**
 * Runs the tests that authors write beside their routes. It reads {@code *.test.yaml}, starts the
 * service with a store in memory, replaces or fails steps, and compares outcomes. Nothing that serves uses it.
 */
package org.ccmessaging.filestream.routes.testing;
