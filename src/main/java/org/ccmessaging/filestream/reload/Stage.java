package org.ccmessaging.filestream.reload;

import com.fasterxml.jackson.annotation.JsonValue;

/** The stages of an edit. */
public enum Stage {

    CHECK("checking"),
    START("starting"),
    CANARY("watching");

    private final String progress;

    Stage(String progress) {
        this.progress = progress;
    }

    @Override
    @JsonValue
    public String toString() {
        return Outcome.word(this);
    }

    /** Returns the stage as the service names it while it lasts. */
    public String progress() {
        return progress;
    }
}
