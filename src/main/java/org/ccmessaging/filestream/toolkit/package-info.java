/**
 * Names that route authors may rely on: variables, headers, step beans and the types of variables; those of the
 * exceptions of {@code failure}, too. They are an interface: a change concerns every installation.
 */
package org.ccmessaging.filestream.toolkit;
