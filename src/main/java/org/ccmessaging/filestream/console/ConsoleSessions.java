package org.ccmessaging.filestream.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.session.SessionAuthenticationStrategy;

/**
 * Starts the session of a login, and bounds how many sessions there are, because each takes memory until it ends
 * (decision 0020). Only a login starts a session. One too many ends the oldest.
 */
final class ConsoleSessions implements SessionAuthenticationStrategy {

    /** Most sessions of one user: a browser or two, some scripts. */
    static final int MOST_OF_A_USER = 5;

    /** Most sessions of all users. */
    static final int MOST = 100;

    /** The logins whose sessions are open, the oldest first. */
    private final Set<Login> open = new LinkedHashSet<>();

    @Override
    public void onAuthentication(Authentication user, HttpServletRequest request, HttpServletResponse response) {
        HttpSession session = request.getSession();
        session.setAttribute(Login.class.getName(), new Login(user.getName(), session));
        takeSurplus(user.getName()).forEach(Login::end);
    }

    private synchronized Set<Login> takeSurplus(String user) {
        Set<Login> surplus = new LinkedHashSet<>();
        List<Login> ofTheUser = open.stream().filter(login -> login.user.equals(user)).toList();
        ofTheUser.stream().limit(Math.max(0, ofTheUser.size() - MOST_OF_A_USER)).forEach(surplus::add);
        open.stream().limit(Math.max(0, open.size() - MOST)).forEach(surplus::add);
        open.removeAll(surplus);
        return surplus;
    }

    private synchronized void add(Login login) {
        open.add(login);
    }

    private synchronized void remove(Login login) {
        open.remove(login);
    }

    /** An attribute of its session, so that it learns when the session ends, for whatever reason. */
    private final class Login implements HttpSessionBindingListener {

        private final String user;
        private final HttpSession session;

        private Login(String user, HttpSession session) {
            this.user = user;
            this.session = session;
        }

        private void end() {
            try {
                session.invalidate();
            } catch (IllegalStateException over) {
                // The user logged out, or the session's time ended, in this moment.
                remove(this);
            }
        }

        @Override
        public void valueBound(HttpSessionBindingEvent started) {
            add(this);
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent ended) {
            remove(this);
        }
    }
}
