/**
 * Runs the tests that authors write for their routes. This package reads {@code *.test.yaml}, starts the service with a
 * store in memory, mocks steps, and compares results. The service does not use this package for requests of clients.
 */
package org.ccmessaging.filestream.routes.testing;
