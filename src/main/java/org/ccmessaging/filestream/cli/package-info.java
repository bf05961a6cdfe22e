/** The commands of the jar, such as {@code routes check}, and the report of a startup that failed. */
package org.ccmessaging.filestream.cli;
