package org.ccmessaging.filestream.reload;

import com.fasterxml.jackson.annotation.JsonValue;

/** The outcome of an attempt, as JSON, log, metrics and people name it. */
public enum Outcome {

    /** The files are active for all sessions. */
    SERVES("serves"),

    /** Some sessions get the files first. */
    CANARY("canary"),

    /** The active files are those that the attempt wanted. */
    UNCHANGED("unchanged"),

    /** A check found no error, and was to change nothing. */
    PASSED("passed"),

    /** The files have a fault. */
    REJECTED("rejected"),

    /** The files could not be checked, through no fault of theirs. */
    UNTRIED("untried"),

    /** The files changed during the attempt, or a rollback came. */
    SUPERSEDED("superseded"),

    /** The files harmed the sessions that got them first. */
    ROLLED_BACK("rolled back"),

    /** The service failed. */
    FAILED("failed");

    private final String word;

    Outcome(String word) {
        this.word = word;
    }

    @Override
    @JsonValue
    public String toString() {
        return word;
    }

    /** Returns whether the wanted files are not active, or may not be activated. */
    public boolean isFailure() {
        return this == REJECTED || couldNotRun();
    }

    /** Returns whether the files may be good, and another attempt may activate them. */
    public boolean couldNotRun() {
        return this == UNTRIED || this == SUPERSEDED;
    }
}
