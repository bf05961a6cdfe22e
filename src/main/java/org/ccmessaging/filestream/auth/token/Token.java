package org.ccmessaging.filestream.auth.token;

import java.time.Instant;

/** A genuine token of either kind: signature, issuer, audience and lifetime hold. */
public sealed interface Token permits AccessToken, SessionToken {

    /** The signed token, as a client sends it. */
    String value();

    /** End of its life. */
    Instant expiresAt();
}
