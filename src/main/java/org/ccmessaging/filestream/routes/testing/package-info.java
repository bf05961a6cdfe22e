/**
 * Runs the tests that authors write beside their routes. It reads {@code *.test.yaml}, starts the
 * service with a store in memory, replaces or fails steps, and compares outcomes. No request of a client uses it.
 */
package org.ccmessaging.filestream.routes.testing;
