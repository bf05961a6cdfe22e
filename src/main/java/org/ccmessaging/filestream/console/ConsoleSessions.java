package org.ccmessaging.filestream.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.session.SessionAuthenticationStrategy;

/**
 * Starts the session of a login, and bounds how many sessions there are, because each takes memory until it ends
 * (decision 0020). Only a login starts a session. One too many ends the one that was not used for the longest time, so
 * that logins of scripts do not end the session of somebody who works.
 */
final class ConsoleSessions implements SessionAuthenticationStrategy {

    /** Most sessions of one user: a browser or two, some scripts. */
    static final int MOST_OF_A_USER = 5;

    /** Most sessions of all users. */
    static final int MOST = 100;

    /** The logins whose sessions are open, in the order of the logins. */
    private final Set<Login> open = new LinkedHashSet<>();

    @Override
    public void onAuthentication(Authentication user, HttpServletRequest request, HttpServletResponse response) {
        HttpSession session = request.getSession();
        Login started = new Login(user.getName(), session);
        session.setAttribute(Login.class.getName(), started);
        takeSurplus(started).forEach(Login::end);
    }

    private synchronized Set<Login> takeSurplus(Login started) {
        // Requests that come meanwhile must not change what the sort compares.
        Map<Login, Long> lastUse = new HashMap<>();
        open.forEach(login -> lastUse.put(login, login.lastUse()));
        List<Login> others = open.stream().filter(login -> login != started)
                .sorted(Comparator.comparing(lastUse::get)).toList();
        List<Login> ofTheUser = others.stream().filter(login -> login.user.equals(started.user)).toList();
        Set<Login> surplus = new LinkedHashSet<>();
        ofTheUser.stream().limit(Math.max(0, ofTheUser.size() + 1 - MOST_OF_A_USER)).forEach(surplus::add);
        others.stream().limit(Math.max(0, others.size() + 1 - MOST)).forEach(surplus::add);
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

        /** When its last request came, in milliseconds of the epoch; the login counts as one. */
        private long lastUse() {
            try {
                return session.getLastAccessedTime();
            } catch (IllegalStateException over) {
                return 0;
            }
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
