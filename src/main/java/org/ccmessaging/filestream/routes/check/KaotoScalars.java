package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes texts as the npm package {@code yaml} 2.9 does with its schema yaml-1.1, which Kaoto uses: which quotes a text
 * gets, and where its lines are folded. Follows that package's {@code stringifyString} and {@code foldFlowLines}.
 */
final class KaotoScalars {

    private static final int WIDTH = 80;
    private static final int LEAST = 20;
    private static final int SHORT_JSON = 40;

    /** What YAML 1.1 takes for something else than a text. */
    private static final Pattern NO_TEXT = Pattern.compile("~|[Nn]ull|NULL|"
            + "|[Yy]|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON|[Nn]|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF"
            + "|[-+]?0b[0-1_]+|[-+]?[0-9][0-9_]*|[-+]?0x[0-9a-fA-F_]+"
            + "|[-+]?\\.(?:inf|Inf|INF)|\\.nan|\\.NaN|\\.NAN"
            + "|[-+]?(?:[0-9][0-9_]*)?(?:\\.[0-9_]*)?[eE][-+]?[0-9]+|[-+]?(?:[0-9][0-9_]*)?\\.[0-9_]*"
            + "|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?"
            + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:t|T|[ \\t]+)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\\.[0-9]+)?"
            + "(?:[ \\t]*(?:Z|[-+][012]?[0-9](?::?[0-9]{2})?))?)?");

    private static final Pattern NOT_PLAIN = Pattern.compile("^[\\n\\t ,\\[\\]{}#&*!|>'\"%@`]|^[?-]\\z|^[?-][ \\t]"
            + "|[\\n:][ \\t]|[ \\t]\\n|[\\n\\t ]#|[\\n\\t :]\\z");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\p{Cs}]");
    private static final Pattern SPACE_AT_BREAK = Pattern.compile("[ \\t]\\n|\\n[ \\t]");
    private static final Pattern SPACES_LAST = Pattern.compile("\\n[\\t ]+\\z");
    private static final Pattern MARKER = Pattern.compile("(?m)^(%|---|\\.\\.\\.)");
    private static final Pattern BREAKS = Pattern.compile("\\n+");
    private static final Pattern INNER_BREAKS = Pattern.compile("(?<!\\n)\\n+(?!\\n|\\z)");
    private static final Pattern MORE_INDENTED =
            Pattern.compile("(?d)(?:^|\\n)([\\t ].*)(?:([\\n\\t ]*)\\n(?![\\n\\t ]))?");
    private static final Map<String, String> ESCAPES = Map.of("0000", "\\0", "0007", "\\a", "000b", "\\v", "001b",
            "\\e");

    private KaotoScalars() {
    }

    private enum Fold { FLOW, BLOCK, QUOTED }

    /** A key of a map. */
    static String key(String key) {
        return write(key, "", -1, true);
    }

    /**
     * A text.
     *
     * @param indent the spaces before each further line
     * @param start how far the writer thinks that the line is filled already; -1 if it does not know
     */
    static String text(String text, String indent, int start) {
        return write(text, indent, start, false);
    }

    private static String write(String text, String indent, int start, boolean key) {
        if (CONTROL.matcher(text).find()) {
            return doubleQuoted(text, indent, start, key);
        }
        boolean lines = text.contains("\n");
        if (key && lines) {
            return quoted(text, indent, start, true);
        }
        if (NOT_PLAIN.matcher(text).find()) {
            return key || !lines ? quoted(text, indent, start, key) : block(text, indent, start);
        }
        if (lines) {
            return block(text, indent, start);
        }
        if (NO_TEXT.matcher(text).matches()) {
            return quoted(text, indent, start, key);
        }
        return key ? text : fold(text, indent, Fold.FLOW, start, new boolean[1]);
    }

    private static String quoted(String text, String indent, int start, boolean key) {
        boolean single = text.contains("\"") && !text.contains("'")
                && !(key && text.contains("\n")) && !SPACE_AT_BREAK.matcher(text).find();
        if (!single) {
            return doubleQuoted(text, indent, start, key);
        }
        String quoted = "'" + BREAKS.matcher(text).replaceAll("$0\n" + indent) + "'";
        return key ? quoted : fold(quoted, indent, Fold.FLOW, start, new boolean[1]);
    }

    private static String doubleQuoted(String text, String indent, int start, boolean key) {
        String json = json(text);
        StringBuilder quoted = new StringBuilder();
        for (int i = 0; i < json.length(); i++) {
            char ch = json.charAt(i);
            if (ch == ' ' && json.startsWith("\\n", i + 1)) {
                quoted.append("\\ ");
                continue;
            }
            if (ch != '\\') {
                quoted.append(ch);
            } else if (json.charAt(i + 1) == 'u') {
                String code = json.substring(i + 2, i + 6);
                quoted.append(ESCAPES.getOrDefault(code,
                        code.startsWith("00") ? "\\x" + code.substring(2) : "\\u" + code));
                i += 5;
            } else if (json.charAt(i + 1) != 'n' || key || json.charAt(i + 2) == '"' || json.length() < SHORT_JSON) {
                quoted.append(ch).append(json.charAt(++i));
            } else {
                quoted.append("\n\n");
                while (json.startsWith("\\n", i + 2) && json.charAt(i + 4) != '"') {
                    quoted.append('\n');
                    i += 2;
                }
                quoted.append(indent).append(json.charAt(i + 2) == ' ' ? "\\" : "");
                i++;
            }
        }
        return key ? quoted.toString() : fold(quoted.toString(), indent, Fold.QUOTED, start, new boolean[1]);
    }

    private static String json(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(ch -> {
            switch (ch) {
                case '"', '\\' -> json.append('\\').append((char) ch);
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> json.append(ch < ' ' ? "\\u%04x".formatted(ch) : String.valueOf((char) ch));
            }
        });
        return json.append('"').toString();
    }

    private static String block(String text, String indent, int start) {
        if (SPACES_LAST.matcher(text).find()) {
            return quoted(text, indent, start, false);
        }
        String pad = indent.isEmpty() && MARKER.matcher(text).find() ? "  " : indent;
        int endStart = text.length();
        while (endStart > 0 && " \t\n".indexOf(text.charAt(endStart - 1)) >= 0) {
            endStart--;
        }
        String end = text.substring(endStart);
        int newline = end.indexOf('\n');
        String chomp = newline < 0 ? "-" : text.equals(end) || newline != end.length() - 1 ? "+" : "";
        String value = text.substring(0, endStart);
        if (end.endsWith("\n")) {
            end = end.substring(0, end.length() - 1);
        }
        end = INNER_BREAKS.matcher(end).replaceAll("$0" + pad);
        int startEnd = 0;
        int startNewline = -1;
        boolean space = false;
        while (startEnd < value.length() && " \n".indexOf(value.charAt(startEnd)) >= 0) {
            space |= value.charAt(startEnd) == ' ';
            startNewline = value.charAt(startEnd) == '\n' ? startEnd : startNewline;
            startEnd++;
        }
        String first = value.substring(0, startNewline < startEnd ? startNewline + 1 : startEnd);
        value = value.substring(first.length());
        first = BREAKS.matcher(first).replaceAll("$0" + pad);
        String header = (space ? pad.isEmpty() ? "1" : "2" : "") + chomp;
        boolean literal = text.lines().noneMatch(line -> line.length() > WIDTH - pad.length());
        if (!literal) {
            String folded = BREAKS.matcher(value).replaceAll("\n$0");
            folded = MORE_INDENTED.matcher(folded).replaceAll("$1$2");
            folded = BREAKS.matcher(folded).replaceAll("$0" + pad);
            boolean[] overflow = new boolean[1];
            String body = fold(first + folded + end, pad, Fold.BLOCK, pad.length(), overflow);
            if (!overflow[0]) {
                return ">" + header + "\n" + pad + body;
            }
        }
        return "|" + header + "\n" + pad + first + BREAKS.matcher(value).replaceAll("$0" + pad) + end;
    }

    private static String fold(String text, String indent, Fold mode, int start, boolean[] overflow) {
        int step = Math.max(1 + LEAST, 1 + WIDTH - indent.length());
        if (text.length() <= step) {
            return text;
        }
        List<Integer> folds = new ArrayList<>();
        Map<Integer, Boolean> escaped = new HashMap<>();
        int end = WIDTH - indent.length();
        if (start > WIDTH - LEAST) {
            folds.add(0);
        } else if (start >= 0) {
            end = WIDTH - start;
        }
        int split = 0;
        int escapeStart = -1;
        int escapeEnd = -1;
        char before = 0;
        int i = mode == Fold.BLOCK ? moreIndented(text, -1, indent.length()) : -1;
        if (i != -1) {
            end = i + step;
        }
        while (++i < text.length()) {
            char ch = text.charAt(i);
            if (mode == Fold.QUOTED && ch == '\\') {
                escapeStart = i;
                i += escapeLength(at(text, i + 1));
                escapeEnd = i;
            }
            if (ch == '\n') {
                i = mode == Fold.BLOCK ? moreIndented(text, i, indent.length()) : i;
                end = i + indent.length() + step;
                split = 0;
            } else {
                split = ch == ' ' && !isSpace(before) && !isSpace(at(text, i + 1)) ? i : split;
                if (i >= end && split > 0) {
                    folds.add(split);
                    end = split + step;
                    split = 0;
                } else if (i >= end && mode == Fold.QUOTED) {
                    while (before == ' ' || before == '\t') {
                        before = ch;
                        ch = at(text, ++i);
                        overflow[0] = true;
                    }
                    int at = i > escapeEnd + 1 ? i - 2 : escapeStart - 1;
                    if (escaped.containsKey(at)) {
                        return text;
                    }
                    folds.add(at);
                    escaped.put(at, true);
                    end = at + step;
                    split = 0;
                } else if (i >= end) {
                    overflow[0] = true;
                }
            }
            before = ch;
        }
        return folded(text, indent, folds, escaped);
    }

    private static int escapeLength(char kind) {
        return switch (kind) {
            case 'x' -> 3;
            case 'u' -> 5;
            case 'U' -> 9;
            default -> 1;
        };
    }

    private static String folded(String text, String indent, List<Integer> folds, Map<Integer, Boolean> escaped) {
        if (folds.isEmpty()) {
            return text;
        }
        StringBuilder folded = new StringBuilder(text.substring(0, folds.get(0)));
        for (int i = 0; i < folds.size(); i++) {
            int fold = folds.get(i);
            int to = i + 1 < folds.size() ? folds.get(i + 1) : text.length();
            if (fold == 0) {
                folded.append('\n').append(indent).append(text, 0, to);
                continue;
            }
            if (escaped.containsKey(fold)) {
                folded.append(text.charAt(fold)).append('\\');
            }
            folded.append('\n').append(indent).append(text, fold + 1, to);
        }
        return folded.toString();
    }

    private static int moreIndented(String text, int from, int indent) {
        int i = from;
        int end = from;
        int start = from + 1;
        char ch = at(text, start);
        while (ch == ' ' || ch == '\t') {
            if (i < start + indent) {
                ch = at(text, ++i);
            } else {
                do {
                    ch = at(text, ++i);
                } while (ch != 0 && ch != '\n');
                end = i;
                start = i + 1;
                ch = at(text, start);
            }
        }
        return end;
    }

    private static boolean isSpace(char ch) {
        return ch == 0 || ch == ' ' || ch == '\n' || ch == '\t';
    }

    private static char at(String text, int index) {
        return index < text.length() ? text.charAt(index) : 0;
    }
}
