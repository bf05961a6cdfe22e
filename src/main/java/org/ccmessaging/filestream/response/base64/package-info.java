/**
 * Performance only: skip on first reading. Base64 encoders, and the data format that uses them.
 *
 * <p>Does not belong here: the envelope around the Base64.
 */
package org.ccmessaging.filestream.response.base64;
