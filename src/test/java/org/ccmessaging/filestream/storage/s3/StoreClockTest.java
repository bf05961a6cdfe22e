package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkGlobalTime;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A store whose clock differs from that of this machine refuses signatures of the wrong time. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage", texts = {"clock", "is down"})
class StoreClockTest {

    private static final byte[] CONTENT = Stage.content(1_000);
    private static final DateTimeFormatter SIGNED =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final List<Duration> signed = new CopyOnWriteArrayList<>();
    private volatile Duration ahead = Duration.ofMinutes(20);

    @AutoClose
    private final FaultyServer store = new FaultyServer();
    @AutoClose
    private Stage stage;

    @BeforeEach
    void start() throws Exception {
        store.putEverywhere(CONTENT, turn -> {
            Instant time = SIGNED.parse(turn.headers("x-amz-date").get(0), Instant::from);
            signed.add(Duration.between(Instant.now(), time));
            Instant clock = Instant.now().plus(ahead);
            if (Duration.between(time, clock).abs().toMinutes() < 15) {
                turn.right();
            } else {
                turn.error(403, "RequestTimeTooSkewed", "", "Date: " + DATE.format(clock));
            }
        });
        stage = Stage.impatient(store, Map.of("filestream.health.probe-interval", "10m"));
    }

    /** The SDK starts each client with what any client has learned. */
    @AfterEach
    void forget() {
        SdkGlobalTime.setGlobalTimeOffset(0);
    }

    private void read() throws IOException {
        assertThat(ObjectGets.open(stage.service().bean(S3Client.class),
                RequestObject.complete("standard", "any").build()).body().readAllBytes()).isEqualTo(CONTENT);
    }

    @Test
    void timeOfTheStoreIsLearnedOnceAndAgainWhenItChanges() throws Exception {
        try (LoggedLines lines = new LoggedLines(StoreClock.class.getName())) {
            read();
            signed.clear();
            read();
            read();
            assertThat(signed).hasSize(2).allMatch(time -> time.toMinutes() >= 19);
            assertThat(stage.metric("filestream_s3_clock_offset_seconds")).isBetween(1_190.0, 1_210.0);
            assertThat(stage.service().management().get("/actuator/health/storage").text())
                    .containsPattern("\"clock\":\"(1199|1200) s ahead of that of this machine\"");
            assertThat(lines.list()).extracting(ILoggingEvent::getFormattedMessage).singleElement().asString()
                    .containsPattern("standard is (1199|1200) s ahead");

            ahead = Duration.ZERO;
            read();
            signed.clear();
            read();
            assertThat(signed).singleElement().matches(time -> time.abs().toMinutes() < 1);
            assertThat(stage.metric("filestream_s3_clock_offset_seconds")).isZero();
        }
    }

    /** Otherwise a store could collect signatures that are valid years later. */
    @Test
    void requestIsNotSignedForATimeThatNoClockShows() {
        ahead = Duration.ofDays(400);

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(S3Exception.class).isThrownBy(this::read)
                    .withMessageStartingWith("RequestTimeTooSkewed (403)");
        }
        assertThat(signed).hasSizeGreaterThan(1).allMatch(time -> time.toDays() == 0);
    }
}
