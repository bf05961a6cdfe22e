/**
 * The edge of the API port: the limits of a connection, the threads of requests, the request's way in, the response's
 * way out, and the responses to requests that no route sees (unknown paths, wrong methods, malformed requests, requests
 * during startup).
 */
package org.ccmessaging.filestream.http;
