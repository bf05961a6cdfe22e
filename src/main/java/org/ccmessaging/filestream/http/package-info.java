/** The HTTP server: limits of connections, threads of requests, consumers of routes, and responses. */
package org.ccmessaging.filestream.http;
