package org.ccmessaging.filestream.auth;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.ccmessaging.filestream.support.HandClock;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Primary;

/** The brake of a service whose time passes only when a test says so. */
@Primary
public class HandTimedBrake extends GuessBrake {

    private final HandClock clock;

    @Autowired
    HandTimedBrake(MeterRegistry meters) {
        this(meters, new HandClock());
    }

    private HandTimedBrake(MeterRegistry meters, HandClock clock) {
        super(meters, clock::currentTimeNanos);
        this.clock = clock;
    }

    public void advance(Duration time) {
        clock.advance(time);
    }
}
