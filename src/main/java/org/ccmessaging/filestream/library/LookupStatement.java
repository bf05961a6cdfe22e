package org.ccmessaging.filestream.library;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The statement of a lookup: one {@code select} without a subquery, in the part of SQL that all databases read alike.
 * It has no comments, no user variables, and only the words and functions of this class besides names. A database may
 * compute anything else in a view.
 */
public final class LookupStatement {

    /** A parameter in a route: {@code :#} and a name, or an expression, which is group 1. */
    public static final Pattern PARAMETER = Pattern.compile(":#(?:in:)?(\\$\\{[^}]*}|\\w+)");

    /** Maximum length in characters, with a {@code ?} for each parameter. */
    private static final int LONGEST = 4096;

    private static final String SELECT = "select";

    /** Words that stand between values and names, also before a parenthesis. */
    private static final Set<String> WORDS = Set.of(SELECT, "distinct", "as", "from", "join", "inner", "left", "right",
            "full", "outer", "cross", "on", "using", "where", "and", "or", "in", "not in", "is", "is not", "any",
            "between", "case", "when", "then", "else", "end", "order by", "asc", "desc", "nulls", "last", "limit",
            "fetch", "first", "row", "rows", "only");

    /** Functions and types before a parenthesis. None makes a long text of short ones, or searches a pattern. */
    private static final Set<String> FUNCTIONS = Set.of("cast", "char", "char_length", "coalesce", "concat",
            "decimal", "left", "length", "lower", "ltrim", "max", "min", "nullif", "numeric", "right", "rtrim",
            "split_part", "substr", "substring", "to_char", "trim", "upper", "varchar");

    /** Tokens of SQL, without backslashes, which databases read differently, and expressions, which none evaluates. */
    private static final Pattern TOKEN = Pattern.compile("\\s*+(?:"
            + "(?<word>(?i:not\\s++in|is\\s++not|order\\s++by)\\b|[A-Za-z_][A-Za-z0-9_]*+)"
            + "|(?<quoted>\"[^\"\\\\]++\")|(?<value>'[^'\\\\$]*+'|[0-9][0-9A-Za-z_.]*+|\\?)"
            + "|(?<sign>[=<>+*%(),.\\[\\]]|-(?!-)|/(?![/*])|\\|\\||::|!=))\\s*+");

    private LookupStatement() {
    }

    /**
     * Returns what is not in the statement of a lookup, such as a second statement; {@code null} if all of it is.
     *
     * @param sql the statement, in which {@code ?} is a parameter
     */
    public static String fault(String sql) {
        if (sql.length() > LONGEST) {
            return "a statement has at most " + LONGEST + " characters";
        }
        Matcher token = TOKEN.matcher(sql);
        int operands = 0;
        int last = 0;
        for (int at = 0; at < sql.length(); at = token.end()) {
            if (!token.region(at, sql.length()).lookingAt()) {
                return refused(sql.substring(at));
            }
            String word = token.group("word") == null ? null
                    : token.group("word").toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
            String sign = token.group("sign");
            boolean between = word != null && (WORDS.contains(word) || operands == 0 && word.equals("not"));
            boolean called = sign == null && !between && sql.startsWith("(", token.end());
            if (SELECT.equals(word) != (at == 0) || called && (word == null || !FUNCTIONS.contains(word))) {
                return refused(sql.substring(at));
            }
            if (between) {
                operands = 0;
            } else if (sign == null) {
                operands++;
            }
            // Two operands without a sign are a name and its alias. Otherwise, the second is an operator such as like.
            if (operands > 2 || operands == 2 && (sign == null ? token.group("value") != null
                    : !sign.equals(",") && !sign.equals(")"))) {
                return refused(sql.substring(last));
            }
            last = at;
            if (sign != null) {
                operands = sign.equals(")") || sign.equals("]") ? 1 : 0;
            }
        }
        return null;
    }

    private static String refused(String rest) {
        return "\"" + rest.strip().lines().findFirst().orElse("").replaceAll("(?s)^(.{40}).+", "$1...")
                + "\" cannot stand here: a lookup is one select without subqueries and comments, and its functions are "
                + FUNCTIONS.stream().sorted().collect(Collectors.joining(", "));
    }
}
