/**
 * Runs the tests that authors write beside their routes: reads {@code *.test.yaml}, starts the service with a store in
 * memory, replaces and fails steps as a test says, and compares what came with what was expected.
 */
package org.ccmessaging.filestream.routes.testing;
