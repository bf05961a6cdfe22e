package org.ccmessaging.filestream.routes;

import org.apache.camel.CamelContext;
import org.apache.camel.EndpointInject;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.AdviceWithRouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.apache.camel.test.spring.junit5.DisableJmx;
import org.apache.camel.util.function.ThrowingConsumer;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.auth.Proved;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.Variables;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.DirtiesContext;

/**
 * A test of shipped routes in the Camel context of the application, whose routes its subclasses advise ({@code
 * AdviceWith}). Each has its own application, because advice stays in a Camel context.
 */
@CamelSpringBootTest
@SpringBootTest(classes = FileStreamApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT, properties = {
    "management.server.port=0", "filestream.auth.signing-key=" + Service.SIGNING_KEY,
    "filestream.s3.endpoint=http://localhost:1", "filestream.s3.access-key=key", "filestream.s3.secret-key=secret",
    "filestream.storage.local.type=filesystem", "filestream.storage.local.root=target",
    "filestream.storage.multimedia-library.type=filesystem", "filestream.storage.multimedia-library.root=target"})
// Otherwise Camel's test support turns JMX off for all later tests of the JVM.
@DisableJmx(false)
// Camel's test support sets system properties, and Spring pauses the application of another class that runs beside.
@ResourceLock(Stage.MBEANS)
@DirtiesContext
@Tag("service")
abstract class RouteTest {

    @Autowired
    CamelContext camel;

    @Autowired
    ProducerTemplate producer;

    @EndpointInject("mock:result")
    MockEndpoint result;

    /** Changes a route, which starts again. */
    void advise(String route, ThrowingConsumer<AdviceWithRouteBuilder, Exception> change) throws Exception {
        AdviceWith.adviceWith(camel, route, change);
    }

    /** Sends the request of a verified customer of tenant {@code demo} to a route. */
    Exchange send(String uri, Object request) {
        return send(uri, exchange -> exchange.setVariable(Variables.REQUEST, request));
    }

    Exchange send(String uri, Processor request) {
        return producer.request(uri, exchange -> {
            Proved.tenant(exchange, "demo");
            exchange.setVariable(Variables.TENANT_ID, "demo");
            request.process(exchange);
        });
    }
}
