/**
 * The commands of the jar beside the start of the service, such as {@code routes check}: what they read from the
 * command line, and what they print.
 *
 * <p>Does not belong here: what is wrong with a route, and why.
 */
package org.ccmessaging.filestream.cli;
