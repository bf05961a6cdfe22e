package org.ccmessaging.filestream.console;

import java.util.Comparator;
import java.util.List;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.SessionManagementConfigurer;
import org.springframework.security.core.AuthenticatedPrincipal;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.session.SessionRegistryImpl;

/**
 * Registers the sessions of the console by the names of their users. Spring Security limits the sessions of one user;
 * this class limits those of all users. A login beyond a limit ends the least recently used session.
 */
final class ConsoleSessions extends SessionRegistryImpl {

    /** Some browsers and scripts. */
    static final int MOST_OF_A_USER = 5;
    static final int MOST = 100;

    /** Treats a request of a session that a later login ended like one without a login. */
    void limit(SessionManagementConfigurer<HttpSecurity> sessions) {
        sessions.maximumSessions(MOST_OF_A_USER).sessionRegistry(this).expiredSessionStrategy(ended ->
                ended.getFilterChain().doFilter(ended.getRequest(), ended.getResponse()));
    }

    @Override
    public void registerNewSession(String id, Object user) {
        List<SessionInformation> open = getAllPrincipals().stream()
                .flatMap(known -> getAllSessions(known, false).stream()).toList();
        if (open.size() >= MOST) {
            open.stream().min(Comparator.comparing(SessionInformation::getLastRequest))
                    .ifPresent(SessionInformation::expireNow);
        }
        super.registerNewSession(id, name(user));
    }

    @Override
    public List<SessionInformation> getAllSessions(Object user, boolean includeExpired) {
        return super.getAllSessions(name(user), includeExpired);
    }

    /** Returns the name of a user. Two logins of one user through a provider are equal only in their names. */
    private static Object name(Object user) {
        return user instanceof AuthenticatedPrincipal known ? known.getName() : user;
    }
}
