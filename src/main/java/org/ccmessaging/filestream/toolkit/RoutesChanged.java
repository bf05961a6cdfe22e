package org.ccmessaging.filestream.toolkit;

import org.apache.camel.CamelContext;

/**
 * A Spring event: the service has loaded routes. No request is in a route while listeners run.
 *
 * @param active whether the routes run; {@code false} if neither new nor former routes could be started
 */
public record RoutesChanged(CamelContext camel, boolean active) {
}
