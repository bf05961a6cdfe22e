/**
 * What the client sent, kept from routes until a step takes it: credentials, and the body, from bytes to text and from
 * text to JSON.
 *
 * <p>Does not belong here: what credentials prove, which {@code auth} checks, and object keys, which {@code storage}
 * resolves.
 */
package org.ccmessaging.filestream.request;
