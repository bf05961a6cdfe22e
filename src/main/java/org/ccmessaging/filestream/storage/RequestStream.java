package org.ccmessaging.filestream.storage;

import java.io.IOException;
import java.net.URI;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.util.IOHelper;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code request-stream}: requests the file at the {@link ConfinedLocation} from the HTTP server of the branch
 * ({@code filestream.storage.<branch>.address}). The key is the path below that address. A route can set nothing in the
 * request. Step {@code take-stream} gets the response unread.
 */
@RouteStep(description = "Requests the file at the location from the server of the branch. Nothing that a route sets is"
        + " in the request. Fails with 13.",
        needs = "location", leaves = "stream")
public class RequestStream implements Processor, AutoCloseable {

    private final StorageSettings storage;
    private final DownloadSettings settings;
    private final CloseableHttpClient client;

    RequestStream(StorageSettings storage, DownloadSettings settings, RoutesSettings routes) {
        this.storage = storage;
        this.settings = settings;
        this.client = storage.values().stream().allMatch(branch -> branch.address() == null) ? null
                : HttpBackends.client(settings, routes);
    }

    @Override
    public void process(Exchange exchange) throws IOException {
        ObjectLocation location = ConfinedLocation.require(exchange);
        URI address = storage.named(location.branch()).address();
        if (address == null) {
            throw new IllegalStateException("step request-stream needs filestream.storage." + location.branch()
                    + ".address, the address of the server");
        }
        HttpGet get = new HttpGet(URI.create(address.toString().replaceFirst("/$", "") + "/" + location.urlPath()));
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(Exchange.class.getName(), exchange);
        StreamResponse response =
                new StreamResponse(get, client.executeOpen(null, get, context), location, settings);
        StoredObject.whenDone(exchange, response::abort);
        response.requireComplete();
        exchange.getMessage().setBody(response);
    }

    @Override
    public void close() {
        IOHelper.close(client);
    }
}
