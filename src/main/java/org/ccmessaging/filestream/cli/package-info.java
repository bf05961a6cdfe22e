/** The commands of the jar, such as {@code routes check}: their arguments and what they print. */
package org.ccmessaging.filestream.cli;
