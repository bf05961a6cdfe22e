/**
 * The body of a request: bytes to text, text to JSON, and the checks that need no storage.
 *
 * <p>Does not belong here: credentials, which {@code auth} checks, and object keys, which {@code storage} resolves.
 */
package org.ccmessaging.filestream.request;
