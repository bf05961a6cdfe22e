package org.ccmessaging.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.apache.camel.dataformat.base64.Base64DataFormat;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.stereotype.Component;

/** The download as a tutorial would write it: each step is one of Camel's, and each holds the whole file. */
@Component
class DownloadRoute extends RouteBuilder {

    @Override
    public void configure() {
        Base64DataFormat base64 = new Base64DataFormat();
        base64.setLineLength(0);

        onException(JwtException.class).handled(true)
                .removeHeaders("*")
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(401))
                .setBody(constant(""));

        from("platform-http:/apiaccess/ccmessaging/downloadFileStream?httpMethodRestrict=POST")
                .process("tokenCheck")
                .unmarshal().json(Map.class)
                .setHeader(AWS2S3Constants.KEY, simple("${variable.tenantId}/${body[fileId]}"))
                .to("aws2-s3:standard?operation=getObject")
                .marshal(base64)
                .process(exchange -> {
                    Map<String, String> answer = new LinkedHashMap<>();
                    answer.put("fileStream", exchange.getMessage().getBody(String.class));
                    answer.put("resultCode", "0");
                    exchange.getMessage().setBody(answer);
                })
                .marshal().json()
                .removeHeaders("*")
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"));
    }
}
