/**
 * Checks route files. {@link org.ccmessaging.filestream.routes.check.Check} runs levels in this order: text, loading,
 * names, build, calls, clauses and data flow.
 */
package org.ccmessaging.filestream.routes.check;
