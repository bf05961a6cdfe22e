/** Makes responses: reads a file's first chunk, encodes the file as Base64, and adds the JSON around the Base64. */
package org.ccmessaging.filestream.response;
