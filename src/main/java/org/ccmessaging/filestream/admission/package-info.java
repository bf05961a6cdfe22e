/**
 * Which requests get in: checks of a request that need no storage, permits for downloads in flight and who gets them,
 * rates of tenants and apps, draining before a stop, and the delay before draining.
 *
 * <p>Does not belong here: the limit on requests to the store, which is in {@code storage.s3.client}.
 */
package org.ccmessaging.filestream.admission;
