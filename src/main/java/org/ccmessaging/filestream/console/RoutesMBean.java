package org.ccmessaging.filestream.console;

import java.util.LinkedHashMap;
import java.util.Map;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.ReflectionException;
import org.ccmessaging.filestream.observe.RowsMBean;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.reload.LiveRoutes;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/**
 * MBean {@code org.ccmessaging:type=Routes}: the state of the active routes, and operations on them. Each generation of
 * the history is an attribute; {@code 001} is the newest.
 */
@Component
@ConditionalOnBooleanProperty("hawtio.enabled")
class RoutesMBean extends RowsMBean {

    static final String NAME = "org.ccmessaging:type=Routes";

    private static final String ROW = "A generation of the routes; 001 is the newest";
    private static final String NONE = "none";

    private final LiveRoutes live;

    RoutesMBean(LiveRoutes live) {
        super(NAME);
        this.live = live;
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        return new MBeanInfo(getClass().getName(), "The active routes", attributes(ROW, Map.of()), null,
                new MBeanOperationInfo[] {
            operation("check", "Checks the files in the folder and changes nothing"),
            operation("reload", "Activates the files in the folder"),
            operation("rollback", "Activates an older generation, until the files change",
                    new MBeanParameterInfo("number", "int", "The number of a generation in the history"))
        }, null);
    }

    private static MBeanOperationInfo operation(String name, String description, MBeanParameterInfo... parameters) {
        return new MBeanOperationInfo(name, description, parameters, String.class.getName(),
                MBeanOperationInfo.ACTION);
    }

    @Override
    protected Map<String, Object> values() {
        Status status = live.status();
        Served serving = status.serving();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("Generation", serving.number());
        values.put("Sha256", serving.sha256());
        values.put("Since", serving.since().toString());
        values.put("MadeBy", serving.by());
        values.put("Label", serving.label() == null ? NONE : serving.label());
        values.put("FilesDiffer", status.note() == null ? "no" : status.note());
        values.put("Stages", String.join(" | ", status.progress()));
        values.put("Draining", status.draining().isEmpty() ? NONE : Status.numbers(status.draining()));
        values.put("LastRejection", status.rejected() == null ? NONE : status.rejected().line());
        int rank = 1;
        for (Served each : status.history()) {
            values.put(row(rank++), each.line());
        }
        return values;
    }

    @Override
    public Object invoke(String operation, Object[] arguments, String[] signature)
            throws MBeanException, ReflectionException {
        String by = ConsoleUser.current("console");
        return switch (operation) {
            case "check" -> text(live.check(by));
            case "reload" -> text(live.reload(by));
            case "rollback" -> text(live.rollback(((Number) arguments[0]).intValue(), by));
            default -> super.invoke(operation, arguments, signature);
        };
    }

    private static String text(Attempt attempt) {
        return String.join("\n", attempt.lines());
    }
}
