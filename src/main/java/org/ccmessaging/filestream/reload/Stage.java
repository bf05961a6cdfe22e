package org.ccmessaging.filestream.reload;

import com.fasterxml.jackson.annotation.JsonValue;

/** The stages of an edit. */
public enum Stage {

    CHECK("check", "checking"),
    START("start", "starting"),
    CANARY("canary", "watching");

    private final String word;
    private final String progress;

    Stage(String word, String progress) {
        this.word = word;
        this.progress = progress;
    }

    @Override
    @JsonValue
    public String toString() {
        return word;
    }

    /** Returns the stage as the service names it while it lasts. */
    public String progress() {
        return progress;
    }
}
