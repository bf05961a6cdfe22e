/**
 * The route files: where they are, their checksum, and the context of its own in which a set of them is built.
 *
 * <p>Does not belong here: steps of routes.
 */
package org.ccmessaging.filestream.routes;
