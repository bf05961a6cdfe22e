/** The commands of the jar, such as {@code routes check}: their arguments, what they print, and checks of the host. */
package org.ccmessaging.filestream.cli;
