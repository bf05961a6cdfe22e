/**
 * Runs the tests that authors write beside their routes: reads {@code *.test.yaml}, starts the service with a store in
 * memory, replaces or fails steps, and compares the outcome with the expectation. A running service uses only
 * {@link org.ccmessaging.filestream.routes.testing.RunSettings}, reads the files with
 * {@link org.ccmessaging.filestream.routes.testing.TestFiles}, and shows the differences that a
 * {@link org.ccmessaging.filestream.routes.testing.Rehearsal} of an edit found.
 */
package org.ccmessaging.filestream.routes.testing;
