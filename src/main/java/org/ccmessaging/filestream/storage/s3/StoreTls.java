package org.ccmessaging.filestream.storage.s3;

import java.io.IOException;
import java.net.Socket;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.protocol.HttpContext;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;

/** Makes TLS sockets that trust the CAs of Java or of an SSL bundle. The bundle may change at runtime. */
final class StoreTls {

    private volatile SSLSocketFactory newest;

    /** @param bundle the name of the SSL bundle; {@code null} for the CAs of Java */
    StoreTls(String bundle, SslBundles bundles) {
        if (bundle == null) {
            newest = (SSLSocketFactory) SSLSocketFactory.getDefault();
        } else {
            trust(bundles.getBundle(bundle));
            bundles.addBundleUpdateHandler(bundle, this::trust);
        }
    }

    private void trust(SslBundle bundle) {
        newest = SslManagerBundle.from(bundle.getManagers().getTrustManagers()).createSslContext("TLS")
                .getSocketFactory();
    }

    /** The returned factory uses the newest CAs for each handshake. */
    SSLConnectionSocketFactory sockets(Supplier<Socket> plain) {
        return new SSLConnectionSocketFactory(newest, SSLConnectionSocketFactory.getDefaultHostnameVerifier()) {

            @Override
            public Socket createSocket(HttpContext context) {
                return plain.get();
            }

            @Override
            public Socket createLayeredSocket(Socket socket, String target, int port, HttpContext context)
                    throws IOException {
                return new SSLConnectionSocketFactory(newest, getDefaultHostnameVerifier())
                        .createLayeredSocket(socket, target, port, context);
            }
        };
    }
}
