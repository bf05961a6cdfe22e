/**
 * Branches of type {@code filesystem}: opening a file below the tenant's folder, even while somebody changes that
 * folder meanwhile.
 */
package org.ccmessaging.filestream.storage.filesystem;
