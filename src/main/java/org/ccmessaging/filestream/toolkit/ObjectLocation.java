package org.ccmessaging.filestream.toolkit;

/**
 * Where a customer's file lies.
 *
 * @param branch name of the storage branch, as in {@code filestream.storage.<branch>}
 * @param home folder of the customer's tenant within the branch; {@code key} never leaves it
 * @param key the object's key within the branch, {@code home} included
 * @since 0.1.0
 */
public record ObjectLocation(String branch, String home, String key) {
}
