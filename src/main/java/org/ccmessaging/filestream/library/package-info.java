/** The catalogue of the multimedia library: its database, with deadlines and circuit breakers. */
package org.ccmessaging.filestream.library;
