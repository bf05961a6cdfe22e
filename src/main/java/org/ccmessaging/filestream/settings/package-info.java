/**
 * Checks of settings, the report of a wrong one, secrets, the settings that several packages read, and the findings of
 * command {@code doctor}. Each package holds its other settings, and examines what they name.
 */
package org.ccmessaging.filestream.settings;
