package org.ccmessaging.filestream.storage.s3;

import java.io.IOException;
import java.net.Socket;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.protocol.HttpContext;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** Makes TLS sockets with the defaults of Java, or with all of an SSL bundle. The bundle may change at runtime. */
final class StoreTls {

    private volatile SSLConnectionSocketFactory newest;

    /** @param bundle the name of the SSL bundle; {@code null} for the CAs of Java */
    StoreTls(String bundle, SslBundles bundles) {
        if (bundle == null) {
            newest = new SSLConnectionSocketFactory((SSLSocketFactory) SSLSocketFactory.getDefault(),
                    SSLConnectionSocketFactory.getDefaultHostnameVerifier());
        } else {
            use(bundles.getBundle(bundle));
            bundles.addBundleUpdateHandler(bundle, this::use);
        }
    }

    private void use(SslBundle bundle) {
        newest = new SSLConnectionSocketFactory(bundle.createSslContext().getSocketFactory(),
                bundle.getOptions().getEnabledProtocols(), bundle.getOptions().getCiphers(),
                SSLConnectionSocketFactory.getDefaultHostnameVerifier());
    }

    /** The returned factory uses the newest bundle for each handshake. */
    SSLConnectionSocketFactory sockets(Supplier<Socket> plain) {
        return new SSLConnectionSocketFactory((SSLSocketFactory) SSLSocketFactory.getDefault(),
                SSLConnectionSocketFactory.getDefaultHostnameVerifier()) {

            @Override
            public Socket createSocket(HttpContext context) {
                return plain.get();
            }

            @Override
            public Socket createLayeredSocket(Socket socket, String target, int port, HttpContext context)
                    throws IOException {
                return newest.createLayeredSocket(socket, target, port, context);
            }
        };
    }
}
