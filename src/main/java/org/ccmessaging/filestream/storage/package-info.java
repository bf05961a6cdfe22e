/**
 * Where a file is and what an opened file is: branches, object keys, the confinement to a tenant, the opened object,
 * health.
 */
package org.ccmessaging.filestream.storage;
