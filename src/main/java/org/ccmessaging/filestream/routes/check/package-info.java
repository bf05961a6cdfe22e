/**
 * What is wrong with a set of route files: the model of the files with the place of everything in them, the levels of
 * the check, and its findings.
 */
package org.ccmessaging.filestream.routes.check;
