/**
 * What the settings of all rooms share: the checks, the message of a wrong setting, secrets, and the settings of a
 * download, which several rooms read.
 *
 * <p>Does not belong here: settings of one room, which stand in that room.
 */
package org.ccmessaging.filestream.settings;
