/**
 * The steps that check credentials and issue tokens.
 */
package org.ccmessaging.filestream.auth;
