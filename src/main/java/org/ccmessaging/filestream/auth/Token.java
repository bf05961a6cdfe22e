package org.ccmessaging.filestream.auth;

import java.time.Instant;

/** A genuine token of either kind: its signature, issuer, audience and lifetime are valid. */
public sealed interface Token permits AccessToken, SessionToken {

    /** The signed token, as a client sends it. */
    String value();

    /** When the token expires. */
    Instant expiresAt();
}
