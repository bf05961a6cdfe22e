package org.ccmessaging.filestream.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.input.ProxyInputStream;
import org.apache.http.HttpHeaders;
import org.apache.http.HttpResponse;
import org.apache.http.HttpStatus;
import org.apache.http.client.methods.HttpGet;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.storage.s3.BucketEndpoint.SignedGet;
import org.ccmessaging.filestream.storage.s3.ObjectGet.ObjectResponse;
import org.ccmessaging.filestream.storage.s3.StoreCircuit.Origin;
import org.ccmessaging.filestream.toolkit.RequestId;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Sends GETs through the circuit, the permits, the connections and the verification, in this order. A GET holds its
 * permit until the head of the response arrives, so a slow client holds no permit. The circuit counts a GET when the
 * GET has failed or the read of its body has ended.
 */
record StoreHttpClient(StoreCircuit circuit, Semaphore permits, StoreConnections connections,
        ResponseVerification verification) {

    /** Number of permits for GETs that wait for a response. More GETs would only wait in the store (decision 0006). */
    static final int MOST_WAITING = 24;

    /** Milliseconds after which a GET continues without a permit, because the store may hang for some objects only. */
    private static final int LONGEST_WAIT_FOR_PERMIT = 250;

    /** Maximum size of an error or a list of tags, in bytes. */
    static final int LARGEST_ERROR = 64 * 1024;

    StoreHttpClient(StoreCircuit circuit, StoreConnections connections, ResponseVerification verification) {
        this(circuit, new Semaphore(MOST_WAITING, true), connections, verification);
    }

    /**
     * @throws S3Exception if the status of the response is not 2xx
     * @throws SdkClientException if another attempt is pointless: the deadline has passed, the circuit refuses the GET,
     *     or the verification has rejected two responses
     */
    ObjectResponse send(SignedGet signed, Origin origin) throws IOException {
        StoreCircuit.Call counted = circuit.begin(origin);
        try {
            HttpGet get = get(signed);
            HttpResponse response = limited(signed, get);
            InputStream content = response.getEntity() == null ? InputStream.nullInputStream()
                    : response.getEntity().getContent();
            int status = response.getStatusLine().getStatusCode();
            if (status < HttpStatus.SC_MULTIPLE_CHOICES) {
                return new ObjectResponse(response, new ObjectBody(content, get, counted));
            }
            if (status >= HttpStatus.SC_INTERNAL_SERVER_ERROR) {
                counted.failed(new IOException("status " + status));
            }
            throw StoreError.of(response, error(content, get, counted));
        } catch (IOException | RuntimeException failure) {
            counted.failed(failure);
            throw failure;
        }
    }

    private HttpGet get(SignedGet signed) {
        HttpGet get = connections.get(signed);
        if (RequestId.current() != null) {
            get.setHeader(RequestId.HEADER, RequestId.current());
        }
        if (verification.oneRequestPerConnection()) {
            get.addHeader(HttpHeaders.CONNECTION, "close");
        }
        return get;
    }

    private HttpResponse limited(SignedGet signed, HttpGet get) throws IOException {
        boolean permitted = acquire();
        try {
            return verified(signed, get);
        } finally {
            if (permitted) {
                permits.release();
            }
        }
    }

    private boolean acquire() throws InterruptedIOException {
        try {
            return permits.tryAcquire(LONGEST_WAIT_FOR_PERMIT, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted before the request went out")
                    .initCause(interrupted);
        }
    }

    /** Repeats a request once, on a new connection, if the verification rejects the response. */
    private HttpResponse verified(SignedGet signed, HttpGet get) throws IOException {
        for (boolean again = false;; again = true) {
            HttpResponse response = connections.execute(signed.target(), get, again);
            String rejection = verification.rejection(response, signed.nonce(),
                    get.containsHeader(HttpHeaders.RANGE));
            if (rejection == null) {
                return response;
            }
            get.abort();
            // Each idle connection may hold an unread response to an earlier request.
            connections.closeIdle();
            if (again) {
                // Metrics count this cause as BROKEN and not as UNREACHABLE.
                throw SdkClientException.create(rejection, new ReadBrokenException(rejection));
            }
            get.reset();
        }
    }

    /** Reads at most {@link #LARGEST_ERROR} bytes, because the body of an error may be endless. */
    private static byte[] error(InputStream content, HttpGet get, StoreCircuit.Call counted) {
        try {
            byte[] error = content.readNBytes(LARGEST_ERROR);
            counted.succeeded();
            return error;
        } catch (IOException broken) {
            counted.failed(broken);
            return new byte[0];
        } finally {
            // After the end of the body, abort() has no effect, because the connection is back in the pool.
            get.abort();
        }
    }

    /** The body of an object. Reports the result of the read to the circuit. */
    static final class ObjectBody extends ProxyInputStream implements Abortable {

        private final HttpGet get;
        private final StoreCircuit.Call counted;
        private volatile boolean unread = true;

        ObjectBody(InputStream content, HttpGet get, StoreCircuit.Call counted) {
            super(content);
            this.get = get;
            this.counted = counted;
        }

        @Override
        protected void beforeRead(int most) {
            unread = false;
        }

        @Override
        protected void afterRead(int count) {
            if (count == IOUtils.EOF) {
                counted.succeeded();
            } else {
                counted.progressed();
            }
        }

        @Override
        protected void handleIOException(IOException broken) throws IOException {
            counted.failed(broken);
            throw broken;
        }

        @Override
        public void abort() {
            // Counts an unread body as a success: for example, the client gets a link or the object is too large.
            if (unread) {
                counted.succeeded();
            } else {
                counted.abandoned();
            }
            get.abort();
        }

        /** Aborts the GET, because HttpClient would read the rest without a deadline. */
        @Override
        public void close() {
            abort();
        }
    }
}
