/**
 * Checks credentials and creates the identity of a request. Also reads and parses request bodies, issues tokens, and
 * limits guesses of secrets. Routes see neither credentials nor tokens.
 */
package org.ccmessaging.filestream.auth;
