/** The brake on guesses of a secret: who must wait, and for how long (decision 0017). */
package org.ccmessaging.filestream.brake;
