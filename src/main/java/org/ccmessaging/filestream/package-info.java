/** The Spring Boot application. The {@code package-info} of each package below describes its part. */
package org.ccmessaging.filestream;
