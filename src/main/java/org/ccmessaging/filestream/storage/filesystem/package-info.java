/**
 * Branches of type {@code filesystem}: opening a file below the tenant's folder, even while somebody changes that
 * folder meanwhile.
 *
 * <p>Does not belong here: object keys, which {@code storage} resolves.
 */
package org.ccmessaging.filestream.storage.filesystem;
