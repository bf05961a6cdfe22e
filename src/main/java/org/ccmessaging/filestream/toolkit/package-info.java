/**
 * Names that route authors may rely on: variables, headers, step beans and the types of variables. These names are
 * an interface, like the exceptions of {@code failure}: a change affects every installation.
 */
package org.ccmessaging.filestream.toolkit;
