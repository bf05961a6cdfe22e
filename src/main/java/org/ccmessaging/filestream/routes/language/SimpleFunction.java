package org.ccmessaging.filestream.routes.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.language.simple.SimpleExpressionParser;
import org.apache.camel.language.simple.SimplePredicateParser;
import org.apache.camel.language.simple.ast.SimpleNode;
import org.apache.camel.language.simple.ast.UnaryExpression;
import org.apache.camel.language.simple.types.SimpleToken;
import org.ccmessaging.filestream.routes.language.RouteLanguage.Function;
import org.ccmessaging.filestream.settings.NearestName;

/**
 * A function that an expression of Simple calls, such as <code>${variable.request.fileId.substring(6)}</code>.
 *
 * @param text what is between the braces
 * @param head its first word
 * @param name the name after the first word; empty without a name
 * @param members the members after the name, without arguments
 */
public record SimpleFunction(String text, String head, String name, List<String> members) {

    private static final Pattern HEAD = Pattern.compile("[A-Za-z][A-Za-z-]*");

    private static final String LITERAL = "(?:-?\\d+|'[^'\"${}]*'|\"[^'\"${}]*\")";

    /** A member whose arguments are literals, or a key or position in brackets. */
    private static final Pattern MEMBER = Pattern.compile("\\??\\.([A-Za-z]\\w*)(?:\\((?:" + LITERAL + "(?:\\s*,\\s*"
            + LITERAL + ")*)?\\))?|\\[(?:\\d+|last|'?[A-Za-z_][\\w.-]*'?)]");

    private static final Pattern REPLACE =
            Pattern.compile("\\??\\.replace\\(['\"]?([^'\"]*)['\"]?\\s*,\\s*['\"]?([^'\"]*)['\"]?\\)");

    /** How many times longer the members of a function may make a text. */
    private static final int MOST_GROWTH = 10;

    /**
     * Parses an expression or a condition of Simple.
     *
     * @return the functions that it calls
     * @throws ClosedException if it holds something that is not in the language
     * @throws org.apache.camel.language.simple.types.SimpleParserException if Camel cannot parse it
     */
    public static List<SimpleFunction> in(
            CamelContext camel, String text, boolean condition, RouteLanguage language) {
        List<SimpleToken> tokens = condition ? new SimplePredicateParser(camel, text, true, null) {

            private List<SimpleToken> read() {
                return SimpleFunction.read(tokens, parseTokens());
            }
        }.read() : new SimpleExpressionParser(camel, text, true, null) {

            private List<SimpleToken> read() {
                return SimpleFunction.read(tokens, parseTokens());
            }
        }.read();
        List<SimpleFunction> functions = new ArrayList<>();
        StringBuilder function = null;
        for (SimpleToken token : tokens) {
            if (token.getType().isFunctionStart()) {
                if (function != null) {
                    throw new ClosedException("an expression within ${" + function + "…}: functions do not nest",
                            language.instead("${" + function.toString().split("\\W", 2)[0] + "}", Set.of(),
                                    "give the inner value to a variable first"));
                }
                function = new StringBuilder();
            } else if (token.getType().isFunctionEnd() && function != null) {
                functions.add(read(function.toString(), language));
                function = null;
            } else if (function != null) {
                function.append(token.getText());
            } else if (condition && (token.getType().isBinary() || token.getType().isLogical())
                    && !language.operators().contains(token.getText().strip())) {
                throw new ClosedException("operator " + token.getText().strip()
                        + " is not in the language of routes, which has " + String.join(" ", language.operators()));
            }
        }
        return functions;
    }

    private static List<SimpleToken> read(List<SimpleToken> tokens, List<SimpleNode> nodes) {
        if (nodes.stream().anyMatch(UnaryExpression.class::isInstance)) {
            throw new ClosedException("operators ++ and -- are not in the language of routes");
        }
        return tokens;
    }

    /** @throws ClosedException if the text between the braces is not in the language */
    private static SimpleFunction read(String text, RouteLanguage language) {
        Matcher at = HEAD.matcher(text);
        String head = at.lookingAt() ? at.group() : "";
        Function function = language.functions().get(head);
        if (function == null) {
            throw new ClosedException("${" + text + "}: function \"" + (head.isEmpty() ? text : head)
                    + "\" is not in the language of routes",
                    language.instead("${" + head + "}", List.of(), NearestName.of(head, language.functions().keySet())
                            .map(near -> "did you mean ${" + near + "}?")
                            .orElse("`routes list functions` names those that are")));
        }
        Matcher start = Pattern.compile(function.start()).matcher(text).region(head.length(), text.length());
        String name = start.lookingAt() && start.groupCount() > 0 ? start.group(1) : "";
        if (!start.lookingAt() || function.texts() != null && function.texts().stream().noneMatch(listed ->
                name.equals(listed) || name.startsWith(listed + ":"))) {
            throw new ClosedException("${" + text + "}: " + function.says()
                    + (function.texts() == null ? "" : " One of " + String.join(", ", function.texts())));
        }
        List<String> members = new ArrayList<>();
        Set<String> known = function.members() == null ? language.members().keySet() : function.members();
        double growth = 1;
        int end = start.end();
        for (at.usePattern(MEMBER); end < text.length(); end = at.end()) {
            if (!at.region(end, text.length()).lookingAt() || at.group(1) == null && function.members() != null) {
                throw new ClosedException("${" + text + "}: \"" + text.substring(end) + "\" is not in the language of"
                        + " routes after " + text.substring(0, end));
            }
            String member = at.group(1);
            if (member != null && !known.contains(member)) {
                throw new ClosedException("${" + text + "}: member \"" + member + "\" is not in the language of routes",
                        NearestName.didYouMean(member, known, null));
            }
            Matcher replace = REPLACE.matcher(at.group());
            if (replace.matches()) {
                // An empty text is before each character.
                growth *= Math.max(1, replace.group(1).isEmpty() ? 1.0 + replace.group(2).length()
                        : (double) replace.group(2).length() / replace.group(1).length());
            }
            if (growth > MOST_GROWTH) {
                throw new ClosedException("${" + text + "}: a function makes a text at most " + MOST_GROWTH
                        + " times longer", "replace one part in each step");
            }
            members.addAll(member == null ? List.of() : List.of(member));
        }
        return new SimpleFunction(text, head, name, List.copyOf(members));
    }
}
