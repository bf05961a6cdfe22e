/**
 * Checks route files. {@link org.ccmessaging.filestream.routes.check.Check} runs levels, each of which needs what the
 * ones before it found in order: text, form, names, build, calls, flow of data. The model of the files
 * ({@link org.ccmessaging.filestream.routes.check.RouteSet}) keeps the place of every value for the findings.
 */
package org.ccmessaging.filestream.routes.check;
