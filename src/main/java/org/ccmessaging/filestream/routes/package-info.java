/** The routes of the folder: loads them at startup, and again when they change. */
package org.ccmessaging.filestream.routes;
