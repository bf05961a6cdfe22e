/**
 * Decides which downloads the service accepts. It checks requests, limits the number of downloads in flight, and waits
 * for downloads in flight at shutdown.
 */
package org.ccmessaging.filestream.admission;
