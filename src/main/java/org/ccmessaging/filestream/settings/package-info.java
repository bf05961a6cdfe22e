/**
 * What the settings of all rooms share: the checks, the message of a wrong setting, secrets, and the settings of a
 * download, which several rooms read.
 */
package org.ccmessaging.filestream.settings;
