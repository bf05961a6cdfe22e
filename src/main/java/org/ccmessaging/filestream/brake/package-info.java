/**
 * The brake on guesses of a secret: who must wait, and for how long (decision 0031).
 *
 * <p>Does not belong here: the comparison of secrets, which is in {@code settings}, and what a client is told.
 */
package org.ccmessaging.filestream.brake;
