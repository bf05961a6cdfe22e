/**
 * What route authors may rely on: the names of variables, headers and step beans, and the types that variables hold.
 * The exceptions of {@code failure} belong to it too. These names are an interface: a change of one is a change for
 * every installation.
 */
package org.ccmessaging.filestream.toolkit;
