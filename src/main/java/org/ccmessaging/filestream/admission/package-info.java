/**
 * How many downloads are in flight: permits, draining before a stop, the delay before that.
 *
 * <p>Does not belong here: the limit of requests at the store, which is {@code storage.s3.client}.
 */
package org.ccmessaging.filestream.admission;
