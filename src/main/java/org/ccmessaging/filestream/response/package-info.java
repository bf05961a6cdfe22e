/**
 * From an opened object to the response: the first chunk, the envelope, the JSON, and the outcome of a failure outside
 * the routes.
 */
package org.ccmessaging.filestream.response;
