/** The Spring Boot application. The {@code package-info} of each package below describes that package. */
package org.ccmessaging.filestream;
