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
 * Sends GETs to the store. A GET passes, in this order, the {@link StoreCircuit}, the permits, the
 * {@link StoreConnections} and {@link ResponseVerification}. It releases its permit when the head of the response has
 * arrived, so a client that reads slowly holds none. The circuit counts it when the body has ended.
 *
 * @param permits limits the GETs that wait for a response at the same time; a fair semaphore
 */
record StoreHttpClient(StoreCircuit circuit, Semaphore permits, StoreConnections connections,
        ResponseVerification verification) {

    /**
     * Maximum number of GETs that wait for a response. More than a store can process in parallel would only wait there.
     * With this maximum, a store that responds after 20 ms sends 1,600 responses a second (decision 0006).
     */
    static final int MOST_WAITING = 32;

    /**
     * Milliseconds after which a GET goes out without a permit. So a store that hangs for some objects delays GETs of
     * other objects only by this time. With 256 clients and a store on two processors, a GET waits up to half of it.
     */
    private static final int LONGEST_WAIT_FOR_PERMIT = 250;

    /** Maximum size of an error in bytes. An error of Amazon has some hundred bytes. */
    static final int LARGEST_ERROR = 64 * 1024;

    StoreHttpClient(StoreCircuit circuit, StoreConnections connections, ResponseVerification verification) {
        this(circuit, new Semaphore(MOST_WAITING, true), connections, verification);
    }

    /**
     * Sends the GET once.
     *
     * @throws S3Exception if the store refuses
     * @throws SdkClientException if the deadline has passed, the circuit is open or the response belongs to another
     *     request; a further attempt is pointless
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
        // Headers from here on are not part of the signature.
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

    /** Repeats a request with a rejected response once, on a new connection. */
    private HttpResponse verified(SignedGet signed, HttpGet get) throws IOException {
        for (boolean again = false;; again = true) {
            HttpResponse response = connections.execute(signed.target(), get, again);
            String rejection = verification.rejection(response, signed.nonce(),
                    get.containsHeader(HttpHeaders.RANGE));
            if (rejection == null) {
                return response;
            }
            get.abort();
            // The other connections may have surplus responses as well.
            connections.closeIdle();
            if (again) {
                // The cause distinguishes a rejected response from an unreachable store.
                throw SdkClientException.create(rejection, new ReadBrokenException(rejection));
            }
            get.reset();
        }
    }

    /** Reads an error up to the maximum size. Closes the connection of a longer one, which may be endless. */
    private static byte[] error(InputStream content, HttpGet get, StoreCircuit.Call counted) {
        try {
            byte[] error = content.readNBytes(LARGEST_ERROR);
            counted.succeeded();
            return error;
        } catch (IOException broken) {
            // The status says enough.
            counted.failed(broken);
            return new byte[0];
        } finally {
            // abort() has no effect after the end of the body, when the connection is in the pool again.
            get.abort();
        }
    }

    /** The bytes of an object. The reader must read them to the end, close or abort them. */
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
            // The store has not failed if nobody reads the body: the client gets a link, or the object is too large.
            if (unread) {
                counted.succeeded();
            } else {
                counted.abandoned();
            }
            get.abort();
        }

        /** Never reads the rest, which has no deadline here. */
        @Override
        public void close() {
            abort();
        }
    }
}
