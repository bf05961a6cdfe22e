/**
 * Checks of settings, the type of secrets, and the settings that several packages read. Other settings are in the
 * package that reads them.
 */
package org.ccmessaging.filestream.settings;
