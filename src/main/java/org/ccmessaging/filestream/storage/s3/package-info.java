/** Storage branches of type {@code s3}. Only this package uses the AWS SDK to reach a store. */
package org.ccmessaging.filestream.storage.s3;
