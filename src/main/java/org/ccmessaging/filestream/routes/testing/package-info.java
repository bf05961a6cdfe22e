/** Runs the tests that authors write for their routes. The service does not use this package for clients' requests. */
package org.ccmessaging.filestream.routes.testing;
