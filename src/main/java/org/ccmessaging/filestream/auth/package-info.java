/**
 * The steps that check credentials and issue tokens.
 *
 * <p>Does not belong here: the format and the signature of tokens, which are in {@code auth.token}.
 */
package org.ccmessaging.filestream.auth;
