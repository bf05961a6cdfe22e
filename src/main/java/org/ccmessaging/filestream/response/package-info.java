/** Makes responses: the first chunk of a file, its Base64, and the JSON around the Base64. */
package org.ccmessaging.filestream.response;
