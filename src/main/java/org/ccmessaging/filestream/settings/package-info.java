/**
 * Checks of settings, secrets, and the settings that several packages read. Each package
 * holds its other settings.
 */
package org.ccmessaging.filestream.settings;
