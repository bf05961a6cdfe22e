/**
 * The storages of files: branches, object keys, the confinement to a tenant, opened objects, HTTP servers that routes
 * call, and health.
 */
package org.ccmessaging.filestream.storage;
