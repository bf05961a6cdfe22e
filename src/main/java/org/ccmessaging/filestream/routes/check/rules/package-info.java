/**
 * The rules of the check: what must hold of the routes beyond what Camel demands. R1xx is safety, R2xx completeness,
 * R3xx effect. The steps of an operation are compared with a list ({@code Frame}), and all steps with what those before
 * them leave ({@code Flow}); what a bean needs and leaves stands at its class, in {@code RouteStep}.
 */
package org.ccmessaging.filestream.routes.check.rules;
