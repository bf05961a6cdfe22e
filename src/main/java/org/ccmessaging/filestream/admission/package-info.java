/**
 * Decides which downloads the service accepts: checks of the request, permits for downloads in flight, and the delay
 * and draining of a shutdown.
 */
package org.ccmessaging.filestream.admission;
