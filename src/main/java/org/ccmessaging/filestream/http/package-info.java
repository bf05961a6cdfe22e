/**
 * The edge of the API port: the request's way in, the response's way out, and the responses to requests that no route
 * sees (unknown paths, wrong methods, malformed requests, a service that is starting).
 */
package org.ccmessaging.filestream.http;
