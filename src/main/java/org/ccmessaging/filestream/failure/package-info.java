/** An exception for each failure of contract section 4, and the causes for metrics. */
package org.ccmessaging.filestream.failure;
