/**
 * Generations of routes: a snapshot of the route files, the Camel context that is built from it, and the active
 * generation.
 */
package org.ccmessaging.filestream.routes;
