/**
 * Runs the tests that authors write beside their routes: reads {@code *.test.yaml}, starts the service with a store in
 * memory, replaces and fails steps as a test says, and compares the outcome with what is expected. A running service
 * uses none of it but {@link org.ccmessaging.filestream.routes.testing.RunSettings} and
 * {@link org.ccmessaging.filestream.routes.testing.Verdict}.
 */
package org.ccmessaging.filestream.routes.testing;
