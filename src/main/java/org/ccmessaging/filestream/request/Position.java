package org.ccmessaging.filestream.request;

/** Names a position in a text as editors do: line and column, both from 1. */
final class Position {

    private Position() {
    }

    /** The position right behind the given text. */
    static String after(CharSequence text) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length(); i++) {
            boolean lineEnd = text.charAt(i) == '\n';
            line = lineEnd ? line + 1 : line;
            column = lineEnd ? 1 : column + 1;
        }
        return of(line, column);
    }

    static String of(int line, int column) {
        return "line " + line + ", column " + column;
    }
}
