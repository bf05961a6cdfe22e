/** The web console (Hawtio) on the management port, its login, and what it shows of routes. */
package org.ccmessaging.filestream.console;
