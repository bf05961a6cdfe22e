/**
 * The web console (Hawtio) on the management port, the login before it, and what it shows of routes. Nothing depends on
 * this room.
 *
 * <p>Does not belong here: health, metrics and info, which need no login.
 */
package org.ccmessaging.filestream.console;
