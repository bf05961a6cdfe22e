/**
 * Runs the tests that authors write beside their routes: reads {@code *.test.yaml}, starts the service with a store in
 * memory, replaces or fails steps, and compares the outcome with the expectation. A running service uses only
 * {@link org.ccmessaging.filestream.routes.testing.RunSettings}, and reads the files with
 * {@link org.ccmessaging.filestream.routes.testing.TestFiles}.
 */
package org.ccmessaging.filestream.routes.testing;
