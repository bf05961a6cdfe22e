package org.ccmessaging.filestream.auth;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.Variables;

/** Step {@code parse-request}: parses the body into variable {@code request}, and keeps the request for the log. */
@RouteStep(description = "Parses the JSON into variable request (fileId, channel, fileType, multiMedia). Fails with"
        + " 400.",
        frame = true)
record ParseRequest() implements Processor {

    @Override
    public void process(Exchange exchange) {
        DownloadRequest request =
                RequestJson.parse(exchange.getMessage().getBody(String.class), DownloadRequest.class);
        exchange.setVariable(Variables.REQUEST, request);
        ClientRequest.parsed(exchange, request);
    }
}
