/**
 * The rules of the check: what must hold of the routes beyond what Camel demands. R1xx is safety, R2xx completeness,
 * R3xx effect. Most look at every way that a request can take (class {@code Walk}), because an order of steps is a
 * property of a way and not of a file.
 *
 * <p>Does not belong here: reading and printing, and what the service enforces at run time.
 */
package org.ccmessaging.filestream.routes.check.rules;
