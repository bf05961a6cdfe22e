/**
 * What the settings of all packages share: the checks, the message of a wrong setting, secrets, and the settings of a
 * download, which several packages read. A package holds its own settings.
 */
package org.ccmessaging.filestream.settings;
