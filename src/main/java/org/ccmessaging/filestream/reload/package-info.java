/** Live routes: one worker checks, tries, starts, swaps, watches and rolls back sets of route files. */
package org.ccmessaging.filestream.reload;
