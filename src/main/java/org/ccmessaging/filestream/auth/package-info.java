/**
 * Checks credentials and creates the identity of a request from them. It also reads and parses request bodies, issues
 * tokens, and slows down guesses of secrets. Routes see neither credentials nor tokens.
 */
package org.ccmessaging.filestream.auth;
