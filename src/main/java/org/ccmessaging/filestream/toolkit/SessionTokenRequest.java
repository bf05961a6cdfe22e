package org.ccmessaging.filestream.toolkit;

/**
 * The body of applyToken (contract section 5). Any field may be {@code null} until step {@code issue-session-token} has
 * checked it.
 *
 * @param userId the customer's ID, 1 to 32 characters
 * @param userName the name that the agent sees, 1 to 128 characters
 * @param channelId the channel that the customer chats on, 1 to 128 characters
 * @param locale the customer's language, such as {@code en}, 1 to 128 characters
 */
public record SessionTokenRequest(String userId, String userName, String channelId, String locale) {
}
