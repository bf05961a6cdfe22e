package org.ccmessaging.filestream.routes.check;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that is most similar to a misspelt name. */
public final class NearestName {

    private static final int LETTERS_FOR_ONE_MISTAKE = 3;

    private NearestName() {
    }

    /** Returns the nearest known name that is similar to the wrong name or begins with the wrong name. */
    public static Optional<String> of(String wrong, Collection<String> known) {
        int most = Math.max(1, wrong.length() / LETTERS_FOR_ONE_MISTAKE);
        return known.stream().filter(name -> distance(wrong, name) <= most
                        || wrong.length() > LETTERS_FOR_ONE_MISTAKE && name.startsWith(wrong))
                .min(Comparator.<String>comparingInt(name -> distance(wrong, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Returns a hint with the nearest name; {@code otherwise} if no name is similar. */
    public static String didYouMean(String wrong, Collection<String> known, String otherwise) {
        return of(wrong, known).map(name -> "did you mean " + name + "?").orElse(otherwise);
    }

    /** Returns the Damerau-Levenshtein distance. Ignores case. */
    private static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                int replaced = steps[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                steps[i][j] = Math.min(replaced, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    steps[i][j] = Math.min(steps[i][j], 1 + steps[i - 2][j - 2]);
                }
            }
        }
        return steps[a.length()][b.length()];
    }
}
