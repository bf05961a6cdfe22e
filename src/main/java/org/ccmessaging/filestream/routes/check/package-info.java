/**
 * Checks route files. {@link org.ccmessaging.filestream.routes.check.Check} runs levels in this order: text, loading,
 * names, build, calls, clauses and data flow. A level runs only if those before found no error. The model of the files
 * ({@link org.ccmessaging.filestream.routes.check.RouteSet}) keeps the place of every value for the findings.
 */
package org.ccmessaging.filestream.routes.check;
