/**
 * What the client sent, kept from routes until a step takes it: credentials, and the body, from bytes to text and from
 * text to JSON.
 */
package org.ccmessaging.filestream.request;
