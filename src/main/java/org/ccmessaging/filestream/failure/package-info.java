/**
 * The failures that routes may name: an exception for each row of the contract's section 4, and for each cause that
 * operators tell apart. {@link org.ccmessaging.filestream.failure.Cause} groups them for metrics.
 */
package org.ccmessaging.filestream.failure;
