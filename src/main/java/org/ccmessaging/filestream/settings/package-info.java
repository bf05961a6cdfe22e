/** Checks of settings, the type of secrets, and the settings that several packages read. */
package org.ccmessaging.filestream.settings;
