package org.ccmessaging.filestream.observe;

import static org.ccmessaging.filestream.support.Schedules.explore;
import static org.ccmessaging.filestream.support.Schedules.require;
import static org.ccmessaging.filestream.support.Schedules.together;

import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.observe.RecentRequests.Asked;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The kept requests stay right in every schedule of the threads whose downloads end. */
@Tag("schedules")
class RecentRequestsSchedulesTest {

    private static Seen seen(String file, String code) {
        return new Seen(new Asked("demo", "web", "app", new DownloadRequest(file, "WEB", "txt", null), Map.of()), code,
                "standard", null, 1, null, false);
    }

    @Test
    void requestHasOneOutcomeAndTheListHasABound() {
        RoutesSettings settings = ShippedSettings.of("filestream.routes", RoutesSettings.class,
                Map.of("filestream.routes.rehearsal", 10));
        Seen served = seen("a", "0");
        Seen missing = seen("a", "13");
        explore(() -> {
            RecentRequests requests = new RecentRequests(settings);
            together(() -> requests.add(served, 1, true), () -> requests.add(missing, 2, false),
                    () -> require(requests.list().size() <= 1, "one place"));
            List<Seen> kept = requests.list();
            require(kept.equals(List.of(served)) || kept.equals(List.of(missing)), "one outcome");
        });
    }
}
