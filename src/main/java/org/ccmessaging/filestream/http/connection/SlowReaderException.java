package org.ccmessaging.filestream.http.connection;

import java.io.IOException;

/** A client took its response too slowly, so the service cut it off. */
final class SlowReaderException extends IOException {

    private static final long serialVersionUID = 1L;

    SlowReaderException(HttpSettings settings) {
        super("slow-reader: the client took less than " + settings.minReadRate().toBytes() + " bytes/s over "
                + settings.readRateWindow().toSeconds() + " s");
    }
}
