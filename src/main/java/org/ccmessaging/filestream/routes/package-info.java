/** Loads the routes of the folder at startup, and again when a file changes. */
package org.ccmessaging.filestream.routes;
