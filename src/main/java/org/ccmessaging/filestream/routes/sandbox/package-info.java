/**
 * What a route may reach, whatever its YAML says: settings that are no secrets, expressions that stay within the
 * exchange, components that are allowed, beans that are steps, and a bounded time and depth (decision 0032).
 *
 * <p>Does not belong here: checks of route files before they run, which {@code routes.check} has.
 */
package org.ccmessaging.filestream.routes.sandbox;
