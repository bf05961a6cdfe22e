/**
 * The HTTP edge: limits of connections, threads of requests, consumers of routes, responses of routes, and responses to
 * requests that no route sees (unknown paths, wrong methods, malformed requests).
 */
package org.ccmessaging.filestream.http;
