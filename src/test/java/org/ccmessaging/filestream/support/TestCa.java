package org.ccmessaging.filestream.support;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** An authority of the tests' own, made anew each time, and certificates for {@code localhost} that it signs. */
public final class TestCa {

    private static final Duration VALID = Duration.ofHours(1);

    private final AtomicLong serial = new AtomicLong();
    private final KeyPair keys = newKeys();
    private final X500Principal name;
    private final X509Certificate certificate;

    public TestCa(String name) {
        this.name = new X500Principal("CN=" + name);
        this.certificate = sign(this.name, keys, null);
    }

    /** A key and its certificate for {@code localhost} and 127.0.0.1. */
    public record Issued(PrivateKey key, X509Certificate certificate) {

        /** As a Secret of type {@code kubernetes.io/tls} has them. */
        public Map<String, String> files() {
            return Map.of("tls.key", pem("PRIVATE KEY", key.getEncoded()), "tls.crt", text(certificate));
        }

        public PemSslStoreDetails store() {
            return PemSslStoreDetails.forCertificate(text(certificate)).withPrivateKey(files().get("tls.key"));
        }

        public SSLContext server() {
            return context(store(), null);
        }

        /** For a server that demands certificates of an authority from its clients. */
        public SSLContext server(TestCa clients) {
            return context(store(), PemSslStoreDetails.forCertificate(clients.pem()));
        }
    }

    private static SSLContext context(PemSslStoreDetails own, PemSslStoreDetails trusted) {
        return SslBundle.of(new PemSslStoreBundle(own, trusted)).createSslContext();
    }

    public Issued issue() {
        return issue(new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
    }

    public Issued issueForAnotherHost() {
        return issue(new GeneralName(GeneralName.dNSName, "elsewhere.example.com"));
    }

    private Issued issue(GeneralName... hosts) {
        KeyPair server = newKeys();
        return new Issued(server.getPrivate(), sign(new X500Principal("CN=server"), server, new GeneralNames(hosts)));
    }

    public String pem() {
        return text(certificate);
    }

    /** What a client uses that trusts this authority alone. */
    public SSLContext client() {
        return context(null, PemSslStoreDetails.forCertificate(pem()));
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** @param hosts {@code null} for the certificate of an authority */
    private X509Certificate sign(X500Principal subject, KeyPair subjectKeys, GeneralNames hosts) {
        try {
            Instant now = Instant.now();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name,
                    BigInteger.valueOf(serial.incrementAndGet()), Date.from(now.minus(VALID)),
                    Date.from(now.plus(VALID)), subject, subjectKeys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(hosts == null));
            if (hosts != null) {
                builder.addExtension(Extension.subjectAlternativeName, false, hosts);
            }
            return new JcaX509CertificateConverter().getCertificate(
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (GeneralSecurityException | IOException | OperatorCreationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String text(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + kind + "-----\n";
    }
}
