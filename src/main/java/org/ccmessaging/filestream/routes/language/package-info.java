/** What route files may contain, and the guard that gives a Camel context nothing else (decision 0025). */
package org.ccmessaging.filestream.routes.language;
