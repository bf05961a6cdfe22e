/**
 * The application. Its rooms are the packages below; the {@code package-info} of each says what belongs there.
 */
package org.ccmessaging.filestream;
