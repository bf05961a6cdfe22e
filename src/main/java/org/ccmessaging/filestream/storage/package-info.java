/**
 * Where a file is and what an opened file is: branches, object keys, the confinement to a tenant, the opened object,
 * health.
 *
 * <p>Does not belong here: what only one type of storage needs, which has a room of its own below.
 */
package org.ccmessaging.filestream.storage;
