/** What route files may contain, and the guard that gives a Camel context nothing else (decision 0040). */
package org.ccmessaging.filestream.routes.language;
