package org.ccmessaging.filestream.library;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The statement of a lookup: one {@code select} without a subquery, in the part of SQL that all databases read alike.
 * It has no comments, no user variables, and only the words and functions of this class besides names. A database may
 * compute anything else in a view.
 *
 * <p>An object reads one statement, by recursive descent: each method reads the part that it is named after.
 */
public final class LookupStatement {

    /** A parameter in a route: {@code :#} and a name, or an expression, which is group 1. */
    public static final Pattern PARAMETER = Pattern.compile(":#(?:in:)?(\\$\\{[^}]*}|\\w+)");

    /** Maximum length in characters, with a {@code ?} for each parameter. */
    private static final int LONGEST = 4096;

    /** Maximum depth of an expression. */
    private static final int DEEPEST = 30;

    /** Characters of operators. Databases read those that touch as one operator. */
    private static final String SIGN = "[-+*/<>=~!@#%^&|`]";

    private static final String BLANKS = "[ \t\r\n\f]*+";

    /**
     * A word, a quoted name, a number, a text or a parameter, which touches no other of them, or a sign. None has a
     * backslash, which databases read differently, an expression, which none evaluates, or a NUL, which ends the text
     * that a driver sends.
     */
    private static final Pattern TOKEN = Pattern.compile(BLANKS + "((?:(?<word>[A-Za-z_][A-Za-z0-9_]*+)"
            + "|\"[^\"\\\\\0]++\"|[0-9]++(?:\\.[0-9]++)?+(?!\\.)|'[^'\\\\$\0]*+'|\\?)"
            + "(?![\\w$'\"?\\\\]|[^\\x00-\\x7f])|[(),.\\[\\]]|::|(?:!=|\\|\\||%)(?!" + SIGN + ")"
            + "|(?!--)(?:<>|<=|>=|[-+*/<>=])(?![-+]?+" + SIGN + ")|\\z)(?:(?=" + BLANKS + "(?<opened>\\()))?");

    /** Kinds of tokens. A word is its own kind in lower case, and so is a sign. */
    private static final String NAME = "\"";
    private static final String NUMBER = "#";
    private static final String TEXT = "'";

    /** Words that are no names: they stand between expressions, or begin what a lookup does not have. */
    private static final Set<String> RESERVED = Set.of(
            "all", "and", "any", "array", "as", "asc", "between", "case", "cast", "collate", "cross",
            "current_catalog", "current_date", "current_role", "current_schema", "current_time",
            "current_timestamp", "current_user", "default", "desc", "distinct", "else", "end", "escape", "except",
            "exists", "fetch", "for", "from", "full", "group", "having", "ilike", "in", "inner", "intersect",
            "into", "is", "isnull", "join", "lateral", "left", "like", "limit", "localtime", "localtimestamp",
            "minus", "natural", "not", "notnull", "offset", "on", "only", "or", "order", "outer", "overlaps",
            "regexp", "returning", "right", "rlike", "select", "session_user", "similar", "some", "system_user",
            "table", "tablesample", "then", "union", "user", "using", "values", "when", "where", "window", "with");

    /** Functions. None makes a long text of short ones, or searches a pattern. */
    private static final Set<String> FUNCTIONS = Set.of("cast", "char_length", "coalesce", "concat", "left", "length",
            "lower", "ltrim", "max", "min", "nullif", "right", "rtrim", "split_part", "substr", "substring", "to_char",
            "trim", "upper");

    private final String sql;
    private final Matcher tokens;
    private String token;
    private boolean word;
    private int before;
    private int depth;

    private LookupStatement(String sql) {
        this.sql = sql;
        this.tokens = TOKEN.matcher(sql);
        next();
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
        LookupStatement statement = new LookupStatement(sql);
        return statement.select() ? null : statement.refused();
    }

    /** Begins with the token that cannot stand there, or with what it calls. */
    private String refused() {
        String rest = sql.substring(is("(") ? before : tokens.regionStart()).strip().lines().findFirst().orElse("");
        return (rest.isEmpty() ? "the end" : "\"" + rest.replaceAll("^(.{40}).+", "$1...") + "\"")
                + " cannot stand here: a lookup is one select without subqueries and comments, and its functions are "
                + FUNCTIONS.stream().sorted().collect(Collectors.joining(", "));
    }

    private boolean next() {
        before = tokens.regionStart();
        boolean read = tokens.region(token == null ? 0 : tokens.end(), sql.length()).lookingAt();
        word = read && tokens.group("word") != null;
        String text = read ? tokens.group(1) : "no token";
        String quote = text.matches("(?s)[\"'].*") ? text.substring(0, 1) : null;
        token = quote != null ? quote : text.matches("[0-9].*") ? NUMBER : text.toLowerCase(Locale.ROOT);
        return true;
    }

    private boolean is(String... expected) {
        return List.of(expected).contains(token);
    }

    private boolean accept(String... expected) {
        return is(expected) && next();
    }

    /** Reads an optional token. Returns {@code true} also if another token is next. */
    private boolean maybe(String... expected) {
        return accept(expected) || true;
    }

    private boolean list(BooleanSupplier part, String... separators) {
        boolean read;
        do {
            read = part.getAsBoolean();
        } while (read && accept(separators));
        return read;
    }

    private boolean select() {
        return accept("select") && maybe("distinct") && list(this::column, ",")
                && (!accept("from") || list(this::tables, ","))
                && (!accept("where") || expression())
                && (!accept("order") || accept("by") && list(this::order, ","))
                && (!accept("limit") || accept(NUMBER, "?"))
                && (!accept("fetch") || accept("first", "next") && maybe(NUMBER, "?") && accept("row", "rows")
                        && accept("only"))
                && is("");
    }

    private boolean column() {
        return accept("*") || expression() && alias();
    }

    private boolean alias() {
        return accept("as") ? name() : !isName() || name();
    }

    private boolean tables() {
        boolean read = table();
        while (read && is("join", "inner", "cross", "left", "right", "full")) {
            read = (!accept("left", "right", "full") ? maybe("inner", "cross") : maybe("outer")) && accept("join")
                    && table() && (!accept("on") || expression()) && (!accept("using") || parentheses());
        }
        return read;
    }

    private boolean table() {
        return name() && alias();
    }

    private boolean order() {
        return expression() && maybe("asc", "desc") && (!accept("nulls") || accept("first", "last"));
    }

    private boolean isName() {
        return is(NAME) || word && !RESERVED.contains(token);
    }

    /** A name with further parts, which may be any word but the two that change a sequence in some databases. */
    private boolean name() {
        boolean read = isName() && next();
        while (read && accept(".")) {
            read = (word && !is("nextval", "currval") || is(NAME, "*")) && next();
        }
        return read;
    }

    private boolean parentheses() {
        return accept("(") && list(this::expression, ",") && accept(")");
    }

    /** A condition or a value. */
    private boolean expression() {
        return ++depth <= DEEPEST && list(this::comparison, "and", "or") && depth-- > 0;
    }

    private boolean comparison() {
        return accept("not") ? comparison() : value()
                && (!accept("=", "<>", "!=", "<", "<=", ">", ">=") || (accept("any") ? parentheses() : value()))
                && (!accept("is") || maybe("not") && (accept("null", "true", "false")
                        || accept("distinct") && accept("from") && value()))
                && (!accept("not") || is("in", "between"))
                && (!accept("in") || parentheses())
                && (!accept("between") || value() && accept("and") && value());
    }

    private boolean value() {
        return list(this::operand, "+", "-", "*", "/", "%", "||");
    }

    private boolean operand() {
        boolean read = maybe("+", "-") && (is("(") ? parentheses() : accept("case") ? cases()
                : accept(NUMBER, TEXT, "?", "current_date", "current_time", "current_timestamp")
                        || (isFunction() ? call() : name()));
        while (read && is("::", "[")) {
            read = accept("::") ? type() : accept("[") && expression() && accept("]");
        }
        return read;
    }

    private boolean cases() {
        boolean read = is("when") || expression() && is("when");
        while (read && accept("when")) {
            read = expression() && accept("then") && expression();
        }
        return read && (!accept("else") || expression()) && accept("end");
    }

    private boolean isFunction() {
        return FUNCTIONS.contains(token) && tokens.group("opened") != null;
    }

    private boolean call() {
        String function = token;
        return next() && accept("(") && switch (function) {
            case "cast" -> expression() && accept("as") && type();
            // PostgreSQL takes a second text for a pattern.
            case "substring" -> expression() && accept(",", "from") && accept(NUMBER)
                    && (!accept(",", "for") || accept(NUMBER));
            case "trim" -> maybe("leading", "trailing", "both") && (is("from") || list(this::expression, ","))
                    && (!accept("from") || expression());
            default -> list(this::expression, ",");
        } && accept(")");
    }

    /** A name, which may be any word, with a second one, lengths, and the brackets of an array. */
    private boolean type() {
        return (word || is(NAME)) && next() && maybe("precision", "varying", "integer")
                && (!accept("(") || list(() -> accept(NUMBER), ",") && accept(")"))
                && (!accept("[") || accept("]"));
    }
}
