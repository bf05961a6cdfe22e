package org.ccmessaging.filestream.routes.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.language.simple.SimpleExpressionParser;
import org.apache.camel.language.simple.SimplePredicateParser;
import org.apache.camel.language.simple.types.SimpleParserException;
import org.apache.camel.language.simple.types.SimpleToken;
import org.apache.camel.language.simple.types.SimpleTokenType;
import org.ccmessaging.filestream.routes.language.RouteLanguage.Function;
import org.ccmessaging.filestream.settings.NearestName;

/**
 * A function that an expression of Simple calls, such as <code>${variable.request.fileId.substring(6)}</code>.
 *
 * @param text what is between the braces
 * @param head its first word
 * @param name the name after the first word; empty without a name
 * @param members the members after the name, without arguments
 * @param growth how many times longer than {@code source}, the text before the members, its result may be
 */
public record SimpleFunction(
        String text, String head, String name, List<String> members, String source, double growth) {

    private static final Pattern HEAD = Pattern.compile("[A-Za-z][A-Za-z-]*");

    private static final String LITERAL = "(?:-?\\d+|'[^'\"${}]*'|\"[^'\"${}]*\")";

    /** A member whose arguments are literals, or a key or position in brackets. */
    private static final Pattern MEMBER = Pattern.compile("\\??\\.([A-Za-z]\\w*)(?:\\((?:" + LITERAL + "(?:\\s*,\\s*"
            + LITERAL + ")*)?\\))?|\\[(?:\\d+|last|'?[A-Za-z_][\\w.-]*'?)]");

    private static final Pattern REPLACE =
            Pattern.compile("\\??\\.replace\\(['\"]?([^'\"]*)['\"]?\\s*,\\s*['\"]?([^'\"]*)['\"]?\\)");

    /** Texts that Camel resolves before it parses: a file, or a block that sets variables. */
    private static final Pattern FROM_ELSEWHERE = Pattern.compile("\\s*(resource:|\\$init\\{)");

    private static final Pattern WORD = Pattern.compile("\\w[^\\s'\"]*|[^\\s'\"\\w]+");
    private static final Pattern FUNCTION = Pattern.compile("\\$\\{[^}]*}?");
    private static final Pattern PARTS = Pattern.compile(FUNCTION + "|'[^']*'?|\"[^\"]*\"?");

    /** How many times longer the members of a function may make a text. */
    private static final int MOST_GROWTH = 10;

    /**
     * Parses an expression or a condition of Simple.
     *
     * @return the functions that it calls
     * @throws ClosedException if Camel cannot parse it, or it holds something that is not in the language
     */
    public static List<SimpleFunction> in(
            CamelContext camel, String text, boolean condition, RouteLanguage language) {
        if (FROM_ELSEWHERE.matcher(text).lookingAt()) {
            throw new ClosedException("an expression cannot come from a file or set variables");
        }
        List<SimpleToken> tokens;
        try {
            tokens = tokens(camel, text, condition);
        } catch (SimpleParserException unreadable) {
            throw mistake(text, condition, unreadable.getIndex(), language);
        }
        List<SimpleFunction> functions = new ArrayList<>();
        StringBuilder function = null;
        int start = 0;
        for (SimpleToken token : tokens) {
            if (token.getType().isFunctionStart()) {
                if (function != null) {
                    throw new ClosedException("an expression within ${" + function + "…}: functions do not nest",
                            language.instead("${" + function.toString().split("\\W", 2)[0] + "}", Set.of(),
                                    "give the inner value to a variable first"), token.getIndex());
                }
                function = new StringBuilder();
                start = token.getIndex() + token.getLength();
            } else if (token.getType().isFunctionEnd() && function != null) {
                functions.add(read(function.toString(), start, language));
                function = null;
            } else if (function != null) {
                function.append(token.getText());
            } else if (isOperator(token.getType(), condition)
                    && !language.operators().contains(token.getText().strip())) {
                throw new ClosedException("operator " + token.getText().strip()
                        + " is not in the language of routes, which has " + String.join(" ", language.operators()),
                        null, token.getIndex());
            }
        }
        return functions;
    }

    private static List<SimpleToken> tokens(CamelContext camel, String text, boolean condition) {
        return condition ? new SimplePredicateParser(camel, text, true, null) {

            private List<SimpleToken> read() {
                parseTokens();
                return tokens;
            }
        }.read() : new SimpleExpressionParser(camel, text, true, null) {

            private List<SimpleToken> read() {
                parseTokens();
                return tokens;
            }
        }.read();
    }

    /** Says at which word, and why, Camel's parser stopped at an index. */
    private static ClosedException mistake(String text, boolean condition, int index, RouteLanguage language) {
        Matcher part = (condition ? PARTS : FUNCTION).matcher(text);
        while (part.find()) {
            String quote = part.group().substring(0, 1);
            if (quote.equals("$") && !part.group().endsWith("}")) {
                return new ClosedException("${ without }", "write } where the function ends", part.start());
            } else if (part.group().length() == 1 || !quote.equals("$") && !part.group().endsWith(quote)) {
                return new ClosedException("quote " + quote + " without a second one",
                        "write " + quote + " before and after the text", part.start());
            }
        }
        int at = Math.min(index, text.length());
        while (at > 0 && !Character.isWhitespace(text.charAt(at - 1)) && text.charAt(at - 1) != '}') {
            at--;
        }
        Matcher found = WORD.matcher(text).region(at, text.length());
        String word = found.lookingAt() ? found.group() : "";
        String before = text.substring(0, at).strip();
        boolean operator = language.operators().contains(word);
        if (word.isEmpty() || operator) {
            return new ClosedException("a blank and a value are missing after "
                    + (operator ? word : before.substring(before.lastIndexOf(' ') + 1)), null, at);
        } else if (before.isEmpty() || language.operators().stream().anyMatch(name -> before.endsWith(" " + name))) {
            Matcher head = HEAD.matcher(word);
            return new ClosedException("\"" + word + "\" is no value: texts stand in quotes, functions in ${}",
                    head.lookingAt() && language.functions().containsKey(head.group()) ? "write ${" + word + "}"
                            : "write '" + word + "'", at);
        }
        return new ClosedException("\"" + word + "\" is no operator", language.instead(word, language.operators(),
                "the operators: " + String.join(" ", language.operators())), at);
    }

    /** Returns whether Camel takes a token for an operator; in a text, not those of conditions. */
    private static boolean isOperator(SimpleTokenType type, boolean condition) {
        return type.isUnary() || type.isChain() || type.isOther()
                || condition && (type.isBinary() || type.isLogical() || type.isTernary());
    }

    /** @throws ClosedException if the text between the braces is not in the language */
    private static SimpleFunction read(String text, int index, RouteLanguage language) {
        Matcher at = HEAD.matcher(text);
        String head = at.lookingAt() ? at.group() : "";
        Function function = language.functions().get(head);
        if (function == null) {
            throw new ClosedException("${" + text + "}: function \"" + (head.isEmpty() ? text : head)
                    + "\" is not in the language of routes",
                    language.instead("${" + head + "}", List.of(), NearestName.of(head, language.functions().keySet())
                            .map(near -> "did you mean ${" + near + "}?")
                            .orElse("`routes list functions` names those that are")), index);
        }
        Matcher start = Pattern.compile(function.start()).matcher(text).region(head.length(), text.length());
        String name = start.lookingAt() && start.groupCount() > 0 ? start.group(1) : "";
        if (!start.lookingAt() || function.texts() != null && function.texts().stream().noneMatch(listed ->
                name.equals(listed) || name.startsWith(listed + ":"))) {
            throw new ClosedException("${" + text + "}: " + function.says()
                    + (function.texts() == null ? "" : " One of " + String.join(", ", function.texts())), null, index);
        }
        List<String> members = new ArrayList<>();
        Set<String> known = function.members() == null ? language.members().keySet() : function.members();
        double growth = 1;
        int end = start.end();
        for (at.usePattern(MEMBER); end < text.length(); end = at.end()) {
            if (!at.region(end, text.length()).lookingAt() || at.group(1) == null && function.members() != null) {
                throw new ClosedException("${" + text + "}: \"" + text.substring(end) + "\" is not in the language of"
                        + " routes after " + text.substring(0, end), null, index + end);
            }
            String member = at.group(1);
            if (member != null && !known.contains(member)) {
                throw new ClosedException("${" + text + "}: member \"" + member + "\" is not in the language of routes",
                        NearestName.didYouMean(member, known, null), index + at.start(1));
            }
            Matcher replace = REPLACE.matcher(at.group());
            if (replace.matches()) {
                // An empty text is before each character.
                growth *= Math.max(1, replace.group(1).isEmpty() ? 1.0 + replace.group(2).length()
                        : (double) replace.group(2).length() / replace.group(1).length());
            }
            if (growth > MOST_GROWTH) {
                throw new ClosedException("${" + text + "}: a function makes a text at most " + MOST_GROWTH
                        + " times longer", "replace one part in each step", index + end);
            }
            members.addAll(member == null ? List.of() : List.of(member));
        }
        return new SimpleFunction(
                text, head, name, List.copyOf(members), text.substring(0, start.end()), growth);
    }
}
