/** Checks requests, limits the downloads in flight, and waits for these downloads at shutdown. */
package org.ccmessaging.filestream.admission;
