package org.ccmessaging.filestream.support;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * A request of an S3 client.
 *
 * @param head the request line and the headers
 */
public record StoreRequest(String head) {

    private static final int LONGEST_HEAD = 65_536;
    private static final String LANGUAGE = "response-content-language=";

    /**
     * Reads a request, which has no body.
     *
     * @return {@code null} if the client has hung up
     */
    static StoreRequest read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < LONGEST_HEAD && (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0)) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.append((char) next);
        }
        return new StoreRequest(head.toString());
    }

    /** Whether it is a GET; otherwise it is a HEAD. */
    public boolean isGet() {
        return head.startsWith("GET");
    }

    /** The bucket and, with a slash before it, the key if it has one. */
    public String path() {
        return decoded(target()[0].replace("+", "%2B")).substring(1);
    }

    /** What {@code Content-Language} must be, or {@code null}. */
    public String language() {
        return Stream.of(target()).skip(1).flatMap(query -> Stream.of(query.split("&")))
                .filter(each -> each.startsWith(LANGUAGE)).map(each -> decoded(each.substring(LANGUAGE.length())))
                .findFirst().orElse(null);
    }

    /** The values of a header. */
    public List<String> headers(String name) {
        return head.lines().filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip()).toList();
    }

    /** The offset where a range starts; 0 without one. */
    public int from() {
        return headers("Range").stream().mapToInt(range -> Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1")))
                .findFirst().orElse(0);
    }

    private String[] target() {
        return head.split(" ", 3)[1].split("\\?", 2);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
