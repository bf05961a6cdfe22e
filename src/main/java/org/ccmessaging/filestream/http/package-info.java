/**
 * The edge of the API port: the request's way in, the response's way out, and the responses to requests that no route
 * sees (unknown paths, wrong methods, malformed requests, a service that is starting).
 *
 * <p>Does not belong here: decisions about a download, which the routes make.
 */
package org.ccmessaging.filestream.http;
