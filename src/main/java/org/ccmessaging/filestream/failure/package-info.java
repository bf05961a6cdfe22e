/** Exceptions for the failures of contract section 4, and enums that classify failures for metrics. */
package org.ccmessaging.filestream.failure;
