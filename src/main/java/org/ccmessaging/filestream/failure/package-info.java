/**
 * The failures that routes may name: one exception for each row of the contract's section 4, and one for each cause
 * that an operator may want to tell apart. {@link org.ccmessaging.filestream.failure.Cause} puts them into few words.
 */
package org.ccmessaging.filestream.failure;
