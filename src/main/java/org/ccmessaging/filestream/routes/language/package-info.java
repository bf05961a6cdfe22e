/** The language of route files, and the guard that restricts a Camel context to it (decision 0025). */
package org.ccmessaging.filestream.routes.language;
