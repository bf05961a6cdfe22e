/**
 * The settings that several packages read, secrets, checks that Spring Boot does not make, and the findings of command
 * {@code doctor}. Each package holds its other settings, and examines what they name.
 */
package org.ccmessaging.filestream.settings;
