package org.ccmessaging.filestream.console;

import org.ccmessaging.filestream.observe.AuditLog;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.event.InteractiveAuthenticationSuccessEvent;
import org.springframework.security.authentication.event.LogoutSuccessEvent;
import org.springframework.security.core.Authentication;

/** Writes each login to the console, and each logout, to the audit log. */
final class ConsoleAudit {

    @EventListener
    void onLogin(InteractiveAuthenticationSuccessEvent login) {
        Authentication user = login.getAuthentication();
        if (user.getAuthorities().containsAll(ConsoleConfiguration.GRANTED)) {
            write("console login", user);
        } else {
            failed(ConsoleUser.name(user), ConsoleUser.address(user), "the user lacks the role");
        }
    }

    @EventListener
    void onLogout(LogoutSuccessEvent logout) {
        write("console logout", logout.getAuthentication());
    }

    private static void write(String event, Authentication user) {
        AuditLog.write(event, "userName", ConsoleUser.name(user), "address", ConsoleUser.address(user));
    }

    static void failed(String userName, String address, String reason) {
        AuditLog.write("console login failed", "userName", userName, "address", address, "reason", reason);
    }
}
