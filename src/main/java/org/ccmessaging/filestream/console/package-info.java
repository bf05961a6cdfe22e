/**
 * The web console (Hawtio) on the management port, the login before it, and what it shows of routes. Nothing depends on
 * this package.
 */
package org.ccmessaging.filestream.console;
