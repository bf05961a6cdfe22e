/**
 * Makes responses: the first chunk of a file, its Base64, the JSON around it, and the outcome of a failure outside the
 * routes.
 */
package org.ccmessaging.filestream.response;
