/**
 * Generations of routes: builds a set beside the one that serves, tries it, swaps, watches it, and undoes it.
 *
 * <p>Does not belong here: what a set of routes must be like, which {@code routes.check} says.
 */
package org.ccmessaging.filestream.reload;
