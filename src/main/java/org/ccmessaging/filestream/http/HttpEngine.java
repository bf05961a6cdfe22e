package org.ccmessaging.filestream.http;

import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Makes the consumers of {@code platform-http} endpoints. Camel finds it by its bean name. */
@Component("platform-http-engine")
class HttpEngine implements PlatformHttpEngine {

    private final HttpResponses responses;
    private final int port;

    HttpEngine(HttpResponses responses, @Value("${server.port}") int port) {
        this.responses = responses;
        this.port = port;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        return new HttpConsumer(endpoint, processor, responses);
    }

    @Override
    public int getServerPort() {
        return port;
    }
}
