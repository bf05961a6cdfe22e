package org.ccmessaging.filestream.auth;

import com.fasterxml.jackson.annotation.JsonValue;
import org.springframework.boot.health.contributor.Status;

/**
 * The state of an issuer's key set.
 *
 * @param status down until the set has been fetched once, unknown if the last fetch failed
 * @param text for people; all that the health shows
 */
public record KeySetState(Status status, @JsonValue String text) {
}
