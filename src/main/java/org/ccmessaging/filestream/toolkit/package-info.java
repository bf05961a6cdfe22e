/**
 * Names that route authors rely on, such as variables and headers, and classes that several packages share. A change
 * of a name affects every installation.
 */
package org.ccmessaging.filestream.toolkit;
