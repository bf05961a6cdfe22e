/**
 * The route files of one moment, the generation that is made of them, and which generation serves.
 */
package org.ccmessaging.filestream.routes;
