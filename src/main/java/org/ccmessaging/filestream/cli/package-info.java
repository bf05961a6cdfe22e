/**
 * The commands of the jar beside the start of the service, such as {@code routes check}: what they read from the
 * command line, and what they print.
 */
package org.ccmessaging.filestream.cli;
