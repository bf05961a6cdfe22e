/**
 * Performance only: skip on first reading. Base64 encoders, and the data format that uses them.
 */
package org.ccmessaging.filestream.response.base64;
