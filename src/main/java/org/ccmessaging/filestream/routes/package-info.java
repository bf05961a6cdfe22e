/** Loads the route files at startup, and again when a file changes. */
package org.ccmessaging.filestream.routes;
