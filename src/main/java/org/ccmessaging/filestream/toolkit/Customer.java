package org.ccmessaging.filestream.toolkit;

/**
 * The customer that the session token names (contract section 6). Any ID may be {@code null} or blank before step
 * {@code check-request}. The step refuses a customer that lacks an ID.
 *
 * @param tenantId the tenant whose files the customer may read
 * @param channelId the channel that the customer chats on
 * @param userId the customer's ID
 */
public record Customer(String tenantId, String channelId, String userId) {
}
