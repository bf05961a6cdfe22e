package org.ccmessaging.filestream.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Responds where Tomcat would show an error page of its own: unknown paths, wrong methods, failures. */
@Controller
class ErrorEndpoint implements ErrorController {

    private final HttpResponses responses;

    ErrorEndpoint(HttpResponses responses) {
        this.responses = responses;
    }

    @RequestMapping("${server.error.path:/error}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // Without a status nothing failed: a client requested the error page itself, which is an unknown path.
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        responses.writeFailure(status instanceof Integer code ? code : HttpServletResponse.SC_NOT_FOUND,
                request, response);
    }
}
