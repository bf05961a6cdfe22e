/**
 * The HTTP edge: limits of connections, threads of requests, consumers of routes, responses of routes, and responses to
 * requests that no route sees (unknown paths, wrong methods, malformed requests, requests during startup).
 */
package org.ccmessaging.filestream.http;
