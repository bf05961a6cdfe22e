/**
 * The steps that check credentials and issue tokens.
 *
 * <p>Does not belong here: what a token is made of and how its signature is checked, which is {@code auth.token}.
 */
package org.ccmessaging.filestream.auth;
