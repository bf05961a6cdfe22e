package org.ccmessaging.filestream.routes.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.Lines;
import org.ccmessaging.filestream.routes.OwnRoutes;

/**
 * Edits of the shipped routes with a branch {@code archive}. All pass {@code routes check} and the shipped tests, which
 * know nothing of the customers of an installation.
 *
 * @param changes what the edit does to a copy of these routes
 */
public record RehearsedEdits(String name, Change... changes) {

    private static final String FILE_ID = "${variable.request.fileId}";
    private static final String ARCHIVE = FILE_ID + " startsWith 'archive/'";
    private static final String ARCHIVE_KEY = "${variable.request.fileId.substring(8)}";
    private static final String NO_KEY = "software.amazon.awssdk.services.s3.model.NoSuchKeyException";
    private static final String LOG =
            "log: {id: log-new, description: An edit., message: 'tenant ${variable.tenantId}'}";
    private static final String CHOICE = "- choice:\n    id: choose-branch\n";
    private static final String BRANCH_ARCHIVE = "- setVariable:\n    id: branch-archive\n";
    private static final String RESOLVE_ARCHIVE = "- process:\n    id: resolve-key-archive\n";

    /** A change of a folder of routes. */
    public interface Change {
        void in(Path folder) throws IOException;
    }

    public static OwnRoutes active(Path folder) throws IOException {
        OwnRoutes routes = new OwnRoutes(folder);
        routes.addStorage("archive");
        routes.choose("archive");
        return routes;
    }

    public void make(Path folder) {
        try {
            active(folder);
            for (Change change : changes) {
                change.in(folder);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private static Change replace(String stem, String before, String after) {
        return folder -> {
            Path file = folder.resolve(stem + ".camel.yaml");
            Files.writeString(file, Lines.replaced(stem, Files.readString(file), before, after));
        };
    }

    private static Change before(String stem, String step, String steps) {
        return replace(stem, step, steps + step);
    }

    private static Change archiveIf(String condition) {
        return replace("choose-storage", "expression: " + ARCHIVE + "\n", "expression: \"" + condition + "\"\n");
    }

    private static Change archiveKey(String expression) {
        return replace("storage-archive", "expression: " + ARCHIVE_KEY + "\n", "expression: \"" + expression + "\"\n");
    }

    /** Sends what a condition names to a branch, before all other conditions. */
    private static Change when(String condition, String branch) {
        return before("choose-storage", "- id: when-archive\n", """
                - id: when-new
                  description: An edit.
                  steps:
                    - to: {id: to-new, description: An edit., uri: "direct:storage-BRANCH"}
                  simple: {expression: "CONDITION"}
                """.replace("BRANCH", branch).replace("CONDITION", condition));
    }

    private static String filter(String condition, String step) {
        return """
                - filter:
                    id: filter-new
                    description: An edit.
                    steps:
                      - STEP
                    simple: {expression: "CONDITION"}
                """.replace("CONDITION", condition).replace("STEP", step);
    }

    private static String refusal(String condition) {
        return filter(condition, "throwException: {id: refuse-new, description: An edit., message: refused,"
                + " exceptionType: org.ccmessaging.filestream.failure.InvalidRequestException}");
    }

    private static Change refuseIf(String condition) {
        return before("choose-storage", CHOICE, refusal(condition));
    }

    private static String setKey(String expression) {
        return "setVariable: {id: key-new, description: An edit., name: objectKey, simple: {expression: '" + expression
                + "'}}";
    }

    private static Change clause(String exception, String condition, String code) {
        return before("result-codes", "- onException:\n    id: object-key-missing\n", """
                - onException:
                    id: clause-new
                    description: An edit.
                    steps:
                      - setHeaders:
                          id: tell-new
                          description: An edit.
                          headers:
                            - {constant: {expression: "200"}, name: CamelHttpResponseCode}
                            - {constant: {expression: "CODE"}, name: resultCode}
                            - {constant: {expression: "Not here."}, name: resultDesc}
                      - process: {id: respond-new, description: An edit., ref: respond}
                    exception: [EXCEPTION]
                    handled: {constant: {expression: "true"}}
                    onWhen: {id: if-new, description: An edit., simple: {expression: "CONDITION"}}
                """.replace("EXCEPTION", exception).replace("CODE", code).replace("CONDITION", condition));
    }

    /** Moves the condition of the archive before the line that starts so. */
    private static Change moveArchive(String line) {
        return folder -> {
            Path file = folder.resolve("choose-storage.camel.yaml");
            String text = Files.readString(file);
            int start = text.lastIndexOf('\n', text.indexOf("id: when-archive")) + 1;
            int end = text.lastIndexOf('\n', text.indexOf("id: when-local")) + 1;
            String rest = text.substring(0, start) + text.substring(end);
            int place = rest.lastIndexOf('\n', rest.indexOf(line)) + 1;
            Files.writeString(file, rest.substring(0, place) + text.substring(start, end) + rest.substring(place));
        };
    }

    private static Change add(String stem, String yaml) {
        return folder -> Files.writeString(folder.resolve(stem + ".camel.yaml"), yaml);
    }

    private static RehearsedEdits edit(String name, Change... changes) {
        return new RehearsedEdits(name, changes);
    }

    public static Stream<RehearsedEdits> wrong() {
        return Stream.of(
                edit("prefix without its slash", archiveIf(FILE_ID + " startsWith 'archive'")),
                edit("prefix that is too long", archiveIf(FILE_ID + " startsWith 'archive/2026/'")),
                edit("prefix in another case", archiveIf(FILE_ID + " startsWith 'Archive/'")),
                edit("prefix anywhere in the fileId", archiveIf(FILE_ID + " contains 'archive/'")),
                edit("condition that other files fulfil as well",
                        archiveIf(ARCHIVE + " || " + FILE_ID + " endsWith '.pdf'")),
                edit("condition that some files do not fulfil any more",
                        archiveIf(ARCHIVE + " && ${variable.request.fileType} == 'pdf'")),
                edit("condition that forgets a tenant", archiveIf(ARCHIVE + " && ${variable.tenantId} == 'acme'")),
                edit("condition the wrong way round", archiveIf(ARCHIVE + " && " + FILE_ID + " not contains '2019'")),
                edit("key with a slash too many", archiveKey("${variable.request.fileId.substring(7)}")),
                edit("key without its first letter", archiveKey("${variable.request.fileId.substring(9)}")),
                edit("key with the prefix", archiveKey(FILE_ID)),
                edit("key in lower case", archiveKey("${variable.request.fileId.substring(8).toLowerCase()}")),
                edit("key without its folder", archiveKey("${variable.request.fileId.substring(13)}")),
                edit("key with another character",
                        archiveKey("${variable.request.fileId.substring(8).replace('-','_')}")),
                edit("branch of the route that was copied", replace("storage-archive",
                        "constant:\n  expression: archive\n", "constant:\n  expression: standard\n")),
                edit("route of the neighbour", replace("choose-storage", "uri: direct:storage-archive\n",
                        "uri: direct:storage-standard\n")),
                edit("route of the library", replace("choose-storage", "uri: direct:storage-archive\n",
                        "uri: direct:storage-multimedia-library\n")),
                edit("all files of a type to another branch", when("${variable.request.fileType} == 'pdf'", "archive")),
                edit("type in upper case to another branch", when("${variable.request.fileType} == 'PDF'", "archive")),
                edit("long IDs of the library to standard storage", when(FILE_ID + " startsWith '11797'", "standard")),
                edit("scans of agents to another branch", when(FILE_ID + " startsWith 'local/scan'", "standard")),
                edit("archive after the library", moveArchive("routeConfigurationId")),
                edit("app whose name is like another", when("${variable.appKey} startsWith 'shop'", "local")),
                edit("other apps refused", refuseIf("${variable.appKey} != 'demo-app'")),
                edit("other channels refused", refuseIf("${variable.channelId} != 'web-1'")),
                edit("tenant misspelled in a list", refuseIf("${variable.tenantId} not in 'demo,acme,globx,north-9'")),
                edit("version that begins with another", refuseIf("${header.X-Client-Version} startsWith '1'")),
                edit("clause that catches too much", clause(NO_KEY, FILE_ID + " contains 'archive'", "401")),
                edit("lookup of short IDs only", replace("look-up-sql", "expression: ${variable.objectKey} == null\n",
                        "expression: \"${variable.objectKey} == null && " + FILE_ID + " !startsWith '11797'\"\n")),
                // What the rehearsal cannot see: the database, and how many requests come in a time.
                edit("column of another table", replace("look-up-sql",
                        "and id = :#${variable.request.fileId}\n", "and id = :#${variable.request.fileType}\n")));
    }

    public static Stream<RehearsedEdits> right() {
        return Stream.of(rightConditions(), rightSteps(), rightRoutes()).flatMap(edits -> edits);
    }

    private static Stream<RehearsedEdits> rightConditions() {
        return Stream.of(
                edit("branch that nobody has requested yet", when(FILE_ID + " startsWith 'exports/'", "reports"),
                        add("storage-reports", route("reports", FILE_ID))),
                edit("files that have moved to a new branch", when(FILE_ID + " startsWith 'contracts/'", "reports"),
                        add("storage-reports", route("reports", FILE_ID))),
                edit("second spelling of a prefix", archiveIf(ARCHIVE + " || " + FILE_ID + " startsWith 'Archive/'")),
                edit("order of two conditions that exclude each other", moveArchive("when-multimedia-library")),
                edit("condition in another form",
                        archiveIf("${variable.request.fileId.startsWith('archive/')} == true")),
                edit("key in another form", archiveKey("${variable.request.fileId.replace('archive/','')}")),
                edit("key in two steps", archiveKey(FILE_ID), before("storage-archive", RESOLVE_ARCHIVE, "- "
                        + setKey("${variable.objectKey.substring(8)}") + "\n")),
                edit("route of its own for the key", add("archive-key", """
                        - route:
                            id: archive-key
                            description: An edit.
                            from:
                              id: receive-key
                              description: A request of the archive.
                              uri: direct:archive-key
                              steps:
                                - STEP
                            routeConfigurationId: result-codes
                        """.replace("STEP", setKey(ARCHIVE_KEY))),
                        before("storage-archive", RESOLVE_ARCHIVE,
                                "- to: {id: call-key, description: An edit., uri: 'direct:archive-key'}\n")),
                edit("blocked tenant that never came", refuseIf("${variable.tenantId} == 'evil'")),
                edit("old version that nobody has", refuseIf("${header.X-Client-Version} == '0.9'")),
                edit("refusal of archives in an archive", refuseIf(ARCHIVE + " && " + FILE_ID
                        + " endsWith '.zip.zip'")));
    }

    private static Stream<RehearsedEdits> rightSteps() {
        return Stream.of(
                edit("log line in a branch", before("storage-standard", "- setVariable:\n    id: branch-standard\n",
                        "- " + LOG + "\n")),
                edit("log line of one tenant", before("choose-storage", CHOICE,
                        filter("${variable.tenantId} == 'acme'", LOG))),
                edit("description", replace("storage-archive", "description: Sets the branch's name in logs, metrics"
                        + " and settings.\n", "description: Names it.\n")),
                edit("text of a failure", replace("result-codes", "expression: empty file!\n",
                        "expression: The file is empty.\n")),
                edit("throttle of one tenant", before("choose-storage", CHOICE, filter("${variable.tenantId} == 'acme'",
                        "throttle: {id: throttle-new, description: An edit., constant: {expression: \"10\"},"
                                + " rejectExecution: true, timePeriodMillis: \"60000\"}"))),
                edit("short wait for one channel", before("choose-storage", CHOICE,
                        filter("${variable.channelId} == 'app-7'", "delay: {id: wait-new, description: An edit.,"
                                + " constant: {expression: 50ms}}"))),
                edit("response header", before("choose-storage", CHOICE, "- setHeader: {id: header-new, description:"
                        + " An edit., constant: {expression: no-store}, name: Cache-Control}\n")),
                edit("header by tenant", before("choose-storage", CHOICE, filter("${variable.tenantId} == 'globex'",
                        "setHeader: {id: header-new, description: An edit., constant: {expression: g}, name:"
                                + " X-Service-Version}"))),
                edit("variable", before("storage-archive", BRANCH_ARCHIVE, "- setVariable: {id: set-new, description:"
                        + " An edit., name: year, simple: {expression: '" + FILE_ID + "'}}\n")));
    }

    private static Stream<RehearsedEdits> rightRoutes() {
        return Stream.of(
                edit("webhook", add("download-ended", ended("to: {id: send-new, description: An edit.,"
                        + " uri: 'http://events.example.com/x', parameters: {httpMethod: POST}}"))),
                edit("log line of each download", add("download-ended", ended(LOG))),
                edit("retries of a broken read", before("result-codes",
                        "description: 13. The service could not reach the file service, or the read broke.\n",
                        "redeliveryPolicy: {maximumRedeliveries: 2, redeliveryDelay: \"200\"}\n")),
                edit("clause of its own with the same code", clause(NO_KEY, ARCHIVE, "13")),
                edit("other code for missing files of a branch nobody reads", clause(NO_KEY,
                        FILE_ID + " startsWith 'exports/'", "404")),
                edit("standard storage for what the archive does not have", replace("storage-archive", """
                        - to:
                            id: open-archive
                            description: Opens the file through route read-s3 or read-filesystem,
                              depending on filestream.storage.archive.type.
                            uri: direct:read-{{filestream.storage.archive.type}}
                        """, """
                        - doTry:
                            id: try-archive
                            description: An edit.
                            steps:
                              - to: {id: open-archive, description: An edit., uri: "direct:read-s3"}
                            doCatch:
                              - id: not-there
                                description: An edit.
                                exception: [NO_KEY]
                                steps:
                                  - to: {id: to-other, description: An edit., uri: "direct:storage-standard"}
                        """.replace("NO_KEY", NO_KEY))),
                edit("keys that are remembered", before("storage-archive", RESOLVE_ARCHIVE, "- process: {id:"
                        + " remember-new, description: An edit., ref: rememberKey}\n")),
                edit("longer memory of the catalogue's keys", replace("look-up-sql", "expression:"
                        + " \"{{filestream.library.cache}}\"\n", "expression: 10m\n")),
                edit("statement with another name of the table", replace("look-up-sql", "query: select object_key from"
                        + " filestream.multimedia_file where", "query: select object_key from filestream.media where")),
                edit("condition within a condition", replace("choose-storage", "- to:\n    id: to-storage-archive\n",
                        filter("${variable.tenantId} == 'north-9'", LOG) + "- to:\n    id: to-storage-archive\n")));
    }

    private static String ended(String step) {
        return """
                - route:
                    id: download-ended
                    description: An edit.
                    errorHandler: {noErrorHandler: {id: failures-are-logged}}
                    from:
                      id: receive-ended
                      description: A download has ended.
                      uri: direct:download-ended
                      steps:
                        - STEP
                    routeConfigurationId: result-codes
                """.replace("STEP", step);
    }

    private static String route(String branch, String key) {
        return """
                - route:
                    id: storage-BRANCH
                    description: An edit.
                    from:
                      id: receive-BRANCH
                      description: A request for the branch.
                      uri: direct:storage-BRANCH
                      steps:
                        - setVariable: {id: branch-BRANCH, name: branch, constant: {expression: BRANCH}}
                        - setVariable: {id: key-BRANCH, name: objectKey, simple: {expression: "KEY"}}
                        - process: {id: resolve-BRANCH, ref: resolveKey}
                        - to: {id: open-BRANCH, uri: direct:read-s3}
                    routeConfigurationId: result-codes
                """.replace("BRANCH", branch).replace("KEY", key);
    }
}
