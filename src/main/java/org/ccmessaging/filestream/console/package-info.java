/** The web console (Hawtio) on the management port, its login and its pages. */
package org.ccmessaging.filestream.console;
