package org.ccmessaging.filestream.reload;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The outcome of an attempt, as JSON, log, metrics and people name it. */
public enum Outcome {

    /** The files are active for all sessions. */
    SERVES,

    /** Some sessions get the files first. */
    CANARY,

    /** The active files are those that the attempt wanted. */
    UNCHANGED,

    /** A check found no error, and was to change nothing. */
    PASSED,

    /** The files have a fault. */
    REJECTED,

    /** The files could not be checked, through no fault of theirs. */
    UNTRIED,

    /** The files changed during the attempt, or a rollback came. */
    SUPERSEDED,

    /** The files harmed the sessions that got them first. */
    ROLLED_BACK,

    /** The service failed. */
    FAILED;

    @Override
    @JsonValue
    public String toString() {
        return word(this);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Returns whether the wanted files are not active, or may not be activated. */
    public boolean isFailure() {
        return this == REJECTED || this == FAILED || couldNotRun();
    }

    /** Returns whether the files may be good, and another attempt may activate them. */
    public boolean couldNotRun() {
        return this == UNTRIED || this == SUPERSEDED;
    }
}
