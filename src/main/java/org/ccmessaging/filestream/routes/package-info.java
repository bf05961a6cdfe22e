/**
 * The route files of one moment, the generation that is made of them, and which generation serves.
 *
 * <p>Does not belong here: steps of routes.
 */
package org.ccmessaging.filestream.routes;
