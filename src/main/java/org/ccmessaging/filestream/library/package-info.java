/** The catalogue of the multimedia library: its database, and the rows that commands import and list. */
package org.ccmessaging.filestream.library;
