/** The web console (Hawtio) on the management port, with its login and pages. */
package org.ccmessaging.filestream.console;
