/**
 * What the client sent, kept from routes until a step takes it: the credentials, which prove an identity, and the body,
 * from bytes to text and from text to JSON. And the tokens that the service issues.
 */
package org.ccmessaging.filestream.auth;
