package org.ccmessaging.filestream.toolkit;

/**
 * The session of a request that has entered a generation of routes during a canary. Its name has chosen the generation,
 * and the comparison of the generations counts the same name.
 *
 * @param canary number of the canary
 * @param name keyed hash of the session's name
 */
public record ComparedSession(int canary, long name) {
}
