package org.ccmessaging.filestream.toolkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.language.bean.BeanExpression;
import org.apache.camel.spi.Language;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class RequestMembersTest {

    private static final DownloadRequest REQUEST = new DownloadRequest("a.txt", "WEB", "txt", "multiMedia");

    @Test
    void everyMemberOfARequestIsReadWithoutReflectionAndAnyOtherExpressionAsCamelDoes() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("bean-language", new RequestMembers());
            camel.start();
            Exchange exchange = new DefaultExchange(camel);
            exchange.setVariable(Variables.REQUEST, REQUEST);
            Language simple = camel.resolveLanguage("simple");
            for (RecordComponent member : DownloadRequest.class.getRecordComponents()) {
                assertThat(simple.createExpression("${variable.request." + member.getName() + "}")
                        .evaluate(exchange, Object.class)).isEqualTo(member.getAccessor().invoke(REQUEST));
                assertThat(camel.resolveLanguage("bean").createExpression(null,
                        new Object[] {null, REQUEST, "." + member.getName()})).isNotInstanceOf(BeanExpression.class);
            }
            assertThat(Stream.of("${variable.request.fileId.length}", "${variable.request.toString}").map(text ->
                    simple.createExpression(text).evaluate(exchange, String.class)))
                    .containsExactly("5", REQUEST.toString());
        }
    }
}
