/**
 * Which requests get in: checks of a request that need no storage, permits for downloads in flight and who gets them,
 * rates of tenants and apps, draining before a stop, and the delay before draining.
 */
package org.ccmessaging.filestream.admission;
