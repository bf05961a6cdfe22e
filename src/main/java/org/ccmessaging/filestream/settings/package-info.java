/** The settings that several packages read, the checks of all settings, and class {@link Secret}. */
package org.ccmessaging.filestream.settings;
