/**
 * Generations of routes: builds a set beside the one that serves, tries it, swaps, watches it, and undoes it.
 */
package org.ccmessaging.filestream.reload;
