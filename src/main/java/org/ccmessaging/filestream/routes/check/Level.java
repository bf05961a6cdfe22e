package org.ccmessaging.filestream.routes.check;

/** How bad a finding is. */
public enum Level {

    /** The service does not start with it. */
    ERROR,

    /** Most likely not what the author wants; the service starts. */
    WARNING
}
