/** The catalogue of the multimedia library: its database, with deadlines and a circuit. */
package org.ccmessaging.filestream.library;
