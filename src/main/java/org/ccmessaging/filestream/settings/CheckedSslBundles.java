package org.ccmessaging.filestream.settings;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;

/**
 * The SSL bundles. A renewal ({@code reload-on-update}) that TLS cannot use changes nothing: with it every handshake
 * would fail. Who renews may write the certificate a moment before its private key, or write half a file first.
 */
@Component
class CheckedSslBundles extends DefaultSslBundleRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(CheckedSslBundles.class);

    CheckedSslBundles(ObjectProvider<SslBundleRegistrar> registrars) {
        registrars.orderedStream().forEach(registrar -> registrar.registerBundles(this));
    }

    /** Takes the bundle if TLS can use it. */
    @Override
    public void updateBundle(String name, SslBundle renewed) {
        try {
            renewed.createSslContext();
            if (KeyPairs.of(renewed).match()) {
                super.updateBundle(name, renewed);
            } else {
                refuse(name, "the private key is not that of the certificate");
            }
        } catch (RuntimeException unusable) {
            refuse(name, NestedExceptionUtils.getMostSpecificCause(unusable).getMessage());
        }
    }

    private static void refuse(String name, String reason) {
        LOG.warn("The renewed files of SSL bundle {} are not used: {}. The service goes on with those that it has until"
                + " the files change again", name, reason);
    }
}
