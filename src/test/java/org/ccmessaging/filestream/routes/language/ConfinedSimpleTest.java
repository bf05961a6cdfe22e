package org.ccmessaging.filestream.routes.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions, members and operators of Simple in routes. */
class ConfinedSimpleTest {

    private static final CamelContext CONTEXT = new DefaultCamelContext();
    private final ConfinedSimple simple = new ConfinedSimple(RouteLanguage.ofProduct());

    ConfinedSimpleTest() {
        simple.setCamelContext(CONTEXT);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/language/closed-functions.txt", delimiter = '¦', quoteCharacter = '`')
    void functionThatIsNotInTheLanguageIsRefused(String expression) {
        assertThatThrownBy(() -> simple.createExpression(expression)).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> simple.createPredicate(expression + " == 'x'"))
                .hasStackTraceContaining("ClosedException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${body} regex '(a+)+b'", "${body} !regex 'x'", "${body} is 'java.lang.String'",
        "${body} range '1..9'", "'a' == 'a' && ${body} regex 'x'"})
    void operatorThatIsNotInTheLanguageIsRefused(String condition) {
        assertThatThrownBy(() -> simple.createPredicate(condition)).isInstanceOf(ClosedException.class);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/language/functions.csv", delimiter = '|', quoteCharacter = '`')
    void functionOfTheLanguageHasItsValue(String expression, String value) {
        assertThat(simple.createExpression(expression).evaluate(exchange("a text"), String.class)).isEqualTo(value);
        if (expression.startsWith("$")) {
            String condition = expression + " == '" + value + "' && ${body} != 'x'";
            assertThat(simple.createPredicate(condition).matches(exchange("a text"))).isTrue();
            assertThat(simple.createPredicate(condition.replace("'x'", "'a text'")).matches(exchange("a text")))
                    .isFalse();
        }
    }

    private static Exchange exchange(String body) {
        Exchange exchange = new DefaultExchange(CONTEXT);
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeader("X-Region", "eu");
        exchange.setVariable("location", new ObjectLocation("standard", "demo", "demo/a.txt"));
        exchange.setVariable("customer", new Customer("demo", "c1", "u1"));
        exchange.setVariable("request", new DownloadRequest("local/a.txt", "WEB", "txt", "multiMedia"));
        exchange.setVariable("row", Map.of("key", "four"));
        exchange.setVariable("rows", List.of("first", "second"));
        return exchange;
    }

    /** An exchange makes at most 2,000,000 bytes. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "${body}${body} | 1000000", "${body.trim}${body} | 1000000",
        "${body.replace('x','12345')} | 400000", "${body.replace('xx','12345')} | 800000",
        "${body.replace('x','12').replace('1','12345')} | 200000"})
    void functionCountsWhatItMayMakeBeforeItDoes(String expression, int most) {
        assertThat(simple.createExpression(expression).evaluate(exchange("x".repeat(most)), String.class)).isNotEmpty();
        assertThatThrownBy(() -> simple.createExpression(expression).evaluate(exchange("x".repeat(most + 1)),
                String.class)).hasMessageStartingWith("the routes make more than 2000000 bytes for a request");
    }
}
