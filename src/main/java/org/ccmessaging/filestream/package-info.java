/** The Spring Boot application. */
package org.ccmessaging.filestream;
