/** Loads the route files at startup, and reloads them automatically or on request. */
package org.ccmessaging.filestream.routes;
