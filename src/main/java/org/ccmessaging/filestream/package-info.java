/**
 * The application. Its rooms are the packages below; each says in its {@code package-info} what belongs there.
 *
 * <p>Does not belong here: anything but the class that starts the service.
 */
package org.ccmessaging.filestream;
