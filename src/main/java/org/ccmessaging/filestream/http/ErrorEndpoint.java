package org.ccmessaging.filestream.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers where the container would show a page of its own: unknown paths, wrong methods, failures. */
@Controller
class ErrorEndpoint implements ErrorController {

    private final HttpResponses responses;

    ErrorEndpoint(HttpResponses responses) {
        this.responses = responses;
    }

    @RequestMapping("${server.error.path:/error}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // Without a status nothing failed: a client requests the error page itself, which is a path like any other.
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        responses.writeFailure(status instanceof Integer code ? code : HttpServletResponse.SC_NOT_FOUND,
                request, response);
    }
}
