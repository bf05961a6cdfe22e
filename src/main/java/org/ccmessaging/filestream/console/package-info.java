/** The web console (Hawtio) on the management port, including login, pages and audit. */
package org.ccmessaging.filestream.console;
