package org.ccmessaging.filestream.toolkit;

/**
 * The customer that the session token names (contract section 6). Any of the three may be {@code null} or blank; step
 * {@code check-request} lets only a complete customer download.
 *
 * @param tenantId the tenant whose files the customer may read
 * @param channelId the channel that the customer chats on
 * @param userId the customer's ID
 */
public record Customer(String tenantId, String channelId, String userId) {
}
