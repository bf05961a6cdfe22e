package org.ccmessaging.filestream.storage;

/**
 * Where a customer's file is.
 *
 * @param branch {@code local}, {@code multimedia-library} or {@code standard}
 * @param home the folder of the customer's tenant within the branch, which {@code key} never leaves
 * @param key the object's key within the branch, {@code home} included
 */
public record ObjectLocation(String branch, String home, String key) {
}
