package org.ccmessaging.filestream.toolkit;

import org.apache.camel.CamelContext;

/**
 * An event of Spring: the service has loaded routes. No request is in a route while listeners run.
 *
 * @param camel has the routes
 */
public record RoutesChanged(CamelContext camel) {
}
