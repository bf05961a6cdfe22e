/** Verifies credentials, issues tokens, limits guesses of secrets, and reads request bodies. */
package org.ccmessaging.filestream.auth;
