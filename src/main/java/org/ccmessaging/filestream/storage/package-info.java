/** Storages of files: branches, object keys, the confinement to a tenant, opened files and health. */
package org.ccmessaging.filestream.storage;
