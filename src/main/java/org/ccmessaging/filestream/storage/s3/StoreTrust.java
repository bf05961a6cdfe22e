package org.ccmessaging.filestream.storage.s3;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.ccmessaging.filestream.storage.S3Settings;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * The authorities that may have signed a store's certificate: Java's own, or those of an SSL bundle. When the bundle
 * reloads, the next handshake goes by its new authorities; no client is made again.
 */
final class StoreTrust {

    private final Reloaded reloaded;

    private StoreTrust(Reloaded reloaded) {
        this.reloaded = reloaded;
    }

    /** @param bundles has the one that the settings name; the check of all settings makes sure of that */
    static StoreTrust of(S3Settings settings, SslBundles bundles) {
        String name = settings.sslBundle();
        if (name == null) {
            return new StoreTrust(null);
        }
        Reloaded reloaded = new Reloaded(bundles.getBundle(name));
        bundles.addBundleUpdateHandler(name, reloaded::load);
        return new StoreTrust(reloaded);
    }

    /** What decides; empty if Java's own authorities do. */
    Optional<TrustManager[]> managers() {
        return Optional.ofNullable(reloaded).map(manager -> new TrustManager[] {manager});
    }

    /** Makes the sockets of https. */
    SSLSocketFactory sockets() {
        if (reloaded == null) {
            return (SSLSocketFactory) SSLSocketFactory.getDefault();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {reloaded}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Leaves each decision to the newest trust manager of the bundle. */
    private static final class Reloaded extends X509ExtendedTrustManager {

        private volatile X509ExtendedTrustManager newest;

        Reloaded(SslBundle bundle) {
            load(bundle);
        }

        private void load(SslBundle bundle) {
            newest = Arrays.stream(bundle.getManagers().getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance).map(X509ExtendedTrustManager.class::cast)
                    .findFirst().orElseThrow();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            newest.checkServerTrusted(chain, kind);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
                throws CertificateException {
            newest.checkServerTrusted(chain, kind, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
                throws CertificateException {
            newest.checkServerTrusted(chain, kind, engine);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return newest.getAcceptedIssuers();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            throw noServer();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
                throws CertificateException {
            throw noServer();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
                throws CertificateException {
            throw noServer();
        }

        private static CertificateException noServer() {
            return new CertificateException("the client of a store is no server");
        }
    }
}
