/**
 * The credentials, which prove an identity; the body of a request, from bytes to text and from text to JSON; the tokens
 * that the service issues; and the brake on guesses of secrets. Routes see neither credentials nor tokens.
 */
package org.ccmessaging.filestream.auth;
