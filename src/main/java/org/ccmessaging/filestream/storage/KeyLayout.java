package org.ccmessaging.filestream.storage;

import java.util.Arrays;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.RuntimeCamelException;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.SettingChecks;

/** Layout of a branch's object keys, in Camel's simple language. Never evaluates text from the customer. */
final class KeyLayout {

    static final String TENANT = "${variable.tenantId}";
    static final String USER_ID = "${variable.userId}";
    static final String OBJECT_KEY = "${variable.objectKey}";

    private final Expression expression;
    private final String home;
    private final boolean ofUser;

    KeyLayout(CamelContext context, String setting, String layout) {
        try {
            this.expression = context.resolveLanguage("simple").createExpression(layout);
            this.expression.init(context);
        } catch (RuntimeCamelException malformed) {
            throw new InvalidSettingException(setting, layout,
                    "a Camel simple expression: " + malformed.getMessage().lines().findFirst().orElse(""));
        }
        this.ofUser = isOfUser(layout);
        List<String> folders = Arrays.asList(layout.split("/", -1));
        this.home = String.join("/",
                folders.subList(0, Math.max(firstVariable(folders), folders.indexOf(TENANT) + 1)));
    }

    /**
     * Refuses a layout that lacks the object key or (unless {@code shared}) the tenant folder, or that misplaces the
     * folder of the tenant or user.
     */
    static void check(String setting, String layout, boolean shared) {
        List<String> folders = Arrays.asList(layout.split("/", -1));
        int tenant = folders.indexOf(TENANT);
        SettingChecks.refuseIf(!layout.contains(OBJECT_KEY), setting, layout,
                "an expression that contains " + OBJECT_KEY);
        SettingChecks.refuseIf(tenant < 0 && !shared, setting, layout, TENANT + " as a folder of its own, as in "
                + TENANT + "/" + OBJECT_KEY + ", or .shared=true beside it if all tenants may read this branch");
        SettingChecks.refuseIf(tenant >= 0 && firstVariable(folders) < tenant, setting, layout,
                "nothing but plain folder names before " + TENANT);
        SettingChecks.refuseIf(isOfUser(layout) && folders.stream().takeWhile(folder -> !folder.equals(USER_ID))
                .anyMatch(folder -> folder.contains("$") && !folder.equals(TENANT)), setting, layout,
                USER_ID + " as a folder of its own, as in " + TENANT + "/" + USER_ID + "/" + OBJECT_KEY);
    }

    static boolean isOfUser(String layout) {
        return layout.contains(USER_ID);
    }

    boolean isOfUser() {
        return ofUser;
    }

    private static int firstVariable(List<String> folders) {
        return (int) folders.stream().takeWhile(folder -> !folder.contains("$")).count();
    }

    String key(Exchange exchange) {
        return expression.evaluate(exchange, String.class);
    }

    /** Returns the folder of all keys of the tenant, without a final slash; empty if the keys have no common folder. */
    String home(String tenantId) {
        return home.replace(TENANT, tenantId);
    }
}
