package org.ccmessaging.filestream.toolkit;

import org.apache.camel.CamelContext;

/** A Spring event: the service has loaded routes. No request is in a route while listeners run. */
public record RoutesChanged(CamelContext camel) {
}
