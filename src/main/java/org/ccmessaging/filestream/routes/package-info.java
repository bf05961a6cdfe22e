/**
 * The route files: where they are, and their checksum.
 *
 * <p>Does not belong here: steps of routes.
 */
package org.ccmessaging.filestream.routes;
