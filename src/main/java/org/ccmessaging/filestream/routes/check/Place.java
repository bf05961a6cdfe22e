package org.ccmessaging.filestream.routes.check;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * A place in a route file or test file.
 *
 * @param file the path of the file, which begins with the folder as the user named it
 * @param line the line number from 1; 0 for the whole file
 * @param column the column number from 1; 0 for the whole line
 */
public record Place(Path file, int line, int column) implements Comparable<Place> {

    private static final Comparator<Place> ORDER = Comparator.comparing(Place::file)
            .thenComparingInt(Place::line).thenComparingInt(Place::column);

    public static Place of(Path file) {
        return new Place(file, 0, 0);
    }

    static Place of(Path file, Optional<Mark> mark) {
        return mark.map(at -> new Place(file, at.getLine() + 1, at.getColumn() + 1)).orElse(of(file));
    }

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }

    /** The form that editors and terminals show as a link: {@code routes/read-s3.camel.yaml:24:18}. */
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + (line > 0 && column > 0 ? ":" + column : "");
    }
}
