package org.ccmessaging.filestream.toolkit;

/**
 * The customer that the session token names (contract section 6). Before step {@code check-request}, each ID may be
 * {@code null} or blank.
 *
 * @param tenantId the tenant whose files the customer may read
 */
public record Customer(String tenantId, String channelId, String userId) {
}
