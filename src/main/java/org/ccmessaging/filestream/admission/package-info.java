/** Checks requests, limits the downloads in flight, and waits for their end at shutdown. */
package org.ccmessaging.filestream.admission;
