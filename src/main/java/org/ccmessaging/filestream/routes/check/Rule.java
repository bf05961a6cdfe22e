package org.ccmessaging.filestream.routes.check;

/** Finds one kind of mistake in a set of route files that Camel could read. */
@FunctionalInterface
public interface Rule {

    /**
     * Adds what is wrong to the findings. The files may have faults that other levels of the check report, so a rule
     * takes nothing for granted: a value that is not there is {@link Value#isMissing() missing} and not {@code null}.
     */
    void check(RouteSet set, Findings findings);
}
