package org.ccmessaging.filestream.storage;

import java.io.IOException;
import java.net.URI;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.util.IOHelper;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.failure.FileServiceFailedException;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code request-stream}: the key is the path below the address of the branch
 * ({@code filestream.storage.<branch>.address}). Step {@code take-stream} gets the response unread.
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
        StoredObject.whenDone(exchange, get::cancel);
        exchange.getMessage().setBody(
                complete(client.executeOpen(null, get, context), get::cancel, location, settings));
    }

    /** Refuses a response that is not the file, or one that would not show an early end. */
    static StreamResponse complete(ClassicHttpResponse response, Runnable end, ObjectLocation location,
            DownloadSettings settings) throws IOException {
        int status = response.getCode();
        if (Cause.ofStatus(status) == Cause.NOT_FOUND) {
            throw new ObjectNotFoundException("the backend has no such file: HTTP " + status);
        }
        if (status != HttpStatus.SC_OK) {
            String message = "the backend responded with HTTP " + status;
            throw Cause.ofStatus(status) == Cause.UNREACHABLE ? new FileServiceFailedException(message)
                    : new FileServiceRefusedException(message);
        }
        HttpEntity entity = response.getEntity();
        String coding = entity.getContentEncoding();
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw new FileServiceRefusedException("the backend sent the file in the coding " + coding);
        }
        long length = Math.max(entity.getContentLength(), StoredObject.UNKNOWN_LENGTH);
        if (!entity.isChunked() && length == StoredObject.UNKNOWN_LENGTH) {
            throw new ReadBrokenException("the backend announced neither a length nor chunks");
        }
        Header etag = response.getFirstHeader(HttpHeaders.ETAG);
        return new StreamResponse(end, entity.getContent(), length,
                etag == null || etag.getValue().startsWith("W/") ? null : etag.getValue(), location, settings);
    }

    @Override
    public void close() {
        IOHelper.close(client);
    }
}
