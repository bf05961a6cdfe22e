package org.ccmessaging.filestream.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.junit.jupiter.api.Test;
import org.springframework.web.util.HtmlUtils;

/** The picture of the request flow in README is made from the routes. {@code -Dscreenshots=docs/images} renews it. */
class RequestFlowPictureTest {

    private static final RouteSet SHIPPED = OwnRoutes.shipped();
    private static final String NAME = "request-flow.svg";
    private static final Pattern FAILURES = Pattern.compile("\\b(2|13|400|401|429|500|503)\\b");
    private static final int TOP = 64;
    private static final int BRANCH = 76;

    private final StringBuilder parts = new StringBuilder();

    @Test
    void pictureShowsTheRoutesAsTheyAre() throws IOException {
        String picture = draw();
        String folder = System.getProperty("screenshots");
        if (folder != null) {
            Files.writeString(Path.of(folder, NAME), picture);
        }

        assertThat(Path.of("docs", "images", NAME)).content().isEqualTo(picture);
    }

    private static List<Step> steps(String route) {
        return SHIPPED.route(route).orElseThrow().children();
    }

    private static String ids(List<Step> steps) {
        return steps.stream().map(Step::id).collect(Collectors.joining(", "));
    }

    private static String condition(Step branch) {
        return branch.value().expression().map(Value::text).orElse("otherwise")
                .replaceAll("\\$\\{variable\\.(?:request\\.)?(\\w+)}", "$1");
    }

    private String draw() {
        int y = TOP;
        int chooses = 0;
        text(24, 40, "download-file-stream", "600 15px");
        text(340, 40, "choose-storage", "600 15px");
        text(690, 40, "open the file", "600 15px");
        for (Step step : steps("download-file-stream")) {
            boolean choice = !step.branches().isEmpty();
            String failures = FAILURES.matcher(step.field("description").text()).results()
                    .map(MatchResult::group).distinct().collect(Collectors.joining(" "));
            box(24, y, 230, 26, step.id() + (choice ? ": " + step.branches().stream()
                    .map(Step::children).map(RequestFlowPictureTest::ids)
                    .collect(Collectors.joining(" | ")).replace("encode-", "") : ""));
            text(195, y + 18, choice ? "" : failures, "11px");
            chooses = step.id().equals("to-choose-storage") ? y + 13 : chooses;
            y += 34;
        }
        int branch = TOP;
        int reader = TOP + BRANCH / 2;
        for (Step chosen : steps("choose-storage").get(0).branches()) {
            String storage = chosen.children().get(0).endpoint().path();
            box(340, branch, 300, BRANCH - 12, storage);
            text(350, branch + 36, condition(chosen), "11px");
            String reads = ids(steps(storage)).replaceAll("-(local|standard|multimedia-library)\\b", "");
            text(350, branch + 54, reads, "11px");
            line(254, chooses, 340, branch + BRANCH / 2 - 6);
            line(640, branch + BRANCH / 2 - 6, 690, reader + BRANCH / 2 - 6);
            line(640, branch + BRANCH / 2 - 6, 690, reader + BRANCH * 3 / 2 - 6);
            branch += BRANCH;
        }
        for (String read : List.of("read-s3", "read-filesystem")) {
            box(690, reader, 196, BRANCH - 12, read);
            String[] lines = ids(steps(read)).split("(?<=get-object), ");
            text(700, reader + 36, lines[0], "11px");
            text(700, reader + 54, lines.length > 1 ? lines[1] : "", "11px");
            reader += BRANCH;
        }
        text(340, y - 60, "Any failure: result-codes.camel.yaml turns it into a status, a code and a text.", "13px");
        text(340, y - 40, "The numbers in the steps are the codes with which they fail.", "13px");
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 %d" role="img">
                <title>Request flow of downloadFileStream</title>
                <rect width="900" height="%d" rx="8" fill="#ffffff" stroke="#d8dee4"/>
                %s</svg>
                """.formatted(y + 10, y + 10, parts);
    }

    private void box(int x, int y, int width, int height, String title) {
        parts.append("""
                <rect x="%d" y="%d" width="%d" height="%d" rx="4" fill="#f6f8fa" stroke="#8c959f"/>
                """.formatted(x, y, width, height));
        text(x + 10, y + 18, title, "13px");
    }

    private void text(int x, int y, String content, String font) {
        if (!content.isEmpty()) {
            parts.append("<text x=\"%d\" y=\"%d\" fill=\"#1f2328\" style=\"font: %s system-ui, sans-serif\">%s</text>\n"
                    .formatted(x, y, font, HtmlUtils.htmlEscape(content)));
        }
    }

    private void line(int x1, int y1, int x2, int y2) {
        parts.append("<path d=\"M%d %dH%dV%dH%d\" fill=\"none\" stroke=\"#1f6feb\" stroke-width=\"1.5\"/>\n"
                .formatted(x1, y1, (x1 + x2) / 2, y2, x2));
    }
}
