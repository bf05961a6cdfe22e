/**
 * Tokens: keys, verification, the cache of verified tokens, issuing. Only this room knows JWTs; others see
 * {@code AccessToken} and {@code SessionToken}.
 */
package org.ccmessaging.filestream.auth.token;
