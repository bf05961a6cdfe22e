/**
 * What one connection of a port may take: time, memory, threads, and how many of them one address has (decision
 * 0030). Tomcat has limits between two bytes; these are limits in total.
 */
package org.ccmessaging.filestream.http.connection;
