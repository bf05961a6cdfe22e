package org.ccmessaging.filestream.auth;

/**
 * Who asks, as the session token says (contract section 6). Any of the three may be absent or blank; a download needs
 * all of them.
 *
 * @param tenantId whose files may be read
 * @param channelId the channel that the customer chats on
 * @param userId the customer
 */
public record Customer(String tenantId, String channelId, String userId) {
}
