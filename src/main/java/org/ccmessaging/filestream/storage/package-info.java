/** Opens files in storage branches, confines requests to the files of a tenant, and checks the health of storage. */
package org.ccmessaging.filestream.storage;
