package org.ccmessaging.filestream.routes.testing;

import org.apache.http.HttpException;
import org.apache.http.HttpStatus;
import org.apache.http.HttpVersion;
import org.apache.http.client.ClientProtocolException;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.execchain.ClientExecChain;
import org.apache.http.message.BasicHttpResponse;
import org.apache.http.protocol.HttpRequestHandler;

/** Builds HTTP clients that pass each request to a server in memory, without a connection. */
final class InMemoryHttp extends HttpClientBuilder {

    private final HttpRequestHandler server;

    InMemoryHttp(HttpRequestHandler server) {
        this.server = server;
    }

    @Override
    protected ClientExecChain decorateMainExec(ClientExecChain connections) {
        return (route, request, context, abortable) -> {
            ResponseInMemory response = new ResponseInMemory();
            try {
                server.handle(request, response, context);
            } catch (HttpException impossible) {
                throw new ClientProtocolException(impossible);
            }
            return response;
        };
    }

    private static final class ResponseInMemory extends BasicHttpResponse implements CloseableHttpResponse {

        ResponseInMemory() {
            super(HttpVersion.HTTP_1_1, HttpStatus.SC_OK, "");
        }

        @Override
        public void close() {
        }
    }
}
