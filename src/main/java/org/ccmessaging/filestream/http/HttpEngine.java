package org.ccmessaging.filestream.http;

import java.util.Collection;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.ccmessaging.filestream.http.connection.Addresses;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Makes the consumers of {@code platform-http} endpoints. Camel finds it by its bean name. */
@Component("platform-http-engine")
class HttpEngine implements PlatformHttpEngine {

    private final HttpResponses responses;
    private final Addresses addresses;
    private final RouteTimeout timeout;
    private final Collection<String> requestHeaders;
    private final int port;

    HttpEngine(HttpResponses responses, Addresses addresses, RouteTimeout timeout, RoutesSettings routes,
            @Value("${server.port}") int port) {
        this.responses = responses;
        this.addresses = addresses;
        this.timeout = timeout;
        this.requestHeaders = routes.requestHeaders();
        this.port = port;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        return new HttpConsumer(endpoint, processor, responses, addresses, timeout, requestHeaders);
    }

    @Override
    public int getServerPort() {
        return port;
    }
}
