/**
 * The route files as files: where they lie, and their checksum.
 *
 * <p>Does not belong here: steps of routes.
 */
package org.ccmessaging.filestream.routes;
