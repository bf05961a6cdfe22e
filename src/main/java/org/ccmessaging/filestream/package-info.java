/**
 * The application. Its rooms are the packages below; the {@code package-info} of each says what belongs there.
 *
 * <p>Does not belong here: anything but the class that starts the service.
 */
package org.ccmessaging.filestream;
