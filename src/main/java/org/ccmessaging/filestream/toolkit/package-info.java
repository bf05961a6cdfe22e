/**
 * Classes that several packages share, and the names of variables and headers that route authors rely on. A change
 * of such a name affects every installation.
 */
package org.ccmessaging.filestream.toolkit;
