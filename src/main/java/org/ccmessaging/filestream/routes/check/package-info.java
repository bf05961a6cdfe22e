/**
 * Checks route files. {@link org.ccmessaging.filestream.routes.check.Check} runs levels in this order: text, loading,
 * names, build, calls, clauses and data flow. After a level with errors, no other level runs. The model of the files
 * ({@link org.ccmessaging.filestream.routes.check.RouteSet}) keeps the place of every value for the findings.
 */
package org.ccmessaging.filestream.routes.check;
