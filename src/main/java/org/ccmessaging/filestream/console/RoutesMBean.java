package org.ccmessaging.filestream.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.ReflectionException;
import org.ccmessaging.filestream.observe.RowsMBean;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes;
import org.ccmessaging.filestream.reload.RoutesReport;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/**
 * The MBean {@code org.ccmessaging:type=Routes}: which routes serve, and as operations what an operator does with them.
 * Each generation of the history is an attribute, {@code 001} the newest.
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
        MBeanAttributeInfo[] attributes = values().entrySet().stream()
                .map(value -> new MBeanAttributeInfo(value.getKey(), value.getValue().getClass().getName(),
                        rank(value.getKey()) > 0 ? ROW : value.getKey(), true, false, false))
                .toArray(MBeanAttributeInfo[]::new);
        return new MBeanInfo(getClass().getName(), "The routes that serve", attributes, null, new MBeanOperationInfo[] {
            operation("check", "Checks the files in the folder and changes nothing"),
            operation("reload", "Makes the files in the folder serve"),
            operation("rollback", "Makes an older generation serve again, until the files change",
                    new MBeanParameterInfo("number", "int", "The number of a generation in the history"))
        }, null);
    }

    private static MBeanOperationInfo operation(String name, String description, MBeanParameterInfo... parameters) {
        return new MBeanOperationInfo(name, description, parameters, String.class.getName(),
                MBeanOperationInfo.ACTION);
    }

    private Map<String, Object> values() {
        RoutesReport report = RoutesReport.of(live);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("Generation", report.serving().number());
        values.put("Sha256", report.serving().sha256());
        values.put("Since", report.serving().since().toString());
        values.put("MadeBy", report.serving().by());
        values.put("Label", report.serving().label() == null ? NONE : report.serving().label());
        values.put("FilesDiffer", report.note() == null ? "no" : report.note());
        values.put("Draining", report.draining().isEmpty() ? NONE
                : report.draining().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        values.put("LastRejection", report.rejected() == null ? NONE : RoutesReport.line(report.rejected()));
        List<RoutesReport.Generation> history = report.history();
        for (int rank = 1; rank <= history.size(); rank++) {
            RoutesReport.Generation generation = history.get(rank - 1);
            values.put(row(rank), "generation=" + generation.number() + " " + generation.line());
        }
        return values;
    }

    @Override
    public Object getAttribute(String attribute) throws AttributeNotFoundException {
        Object value = values().get(attribute);
        if (value == null) {
            throw new AttributeNotFoundException(attribute);
        }
        return value;
    }

    @Override
    public Object invoke(String operation, Object[] arguments, String[] signature)
            throws MBeanException, ReflectionException {
        String by = ConsoleUser.current();
        return switch (operation) {
            case "check" -> text(live.check(by));
            case "reload" -> text(live.reload(by));
            case "rollback" -> rollback(((Number) arguments[0]).intValue(), by);
            default -> super.invoke(operation, arguments, signature);
        };
    }

    private String rollback(int number, String by) throws MBeanException {
        List<Integer> known = live.history().stream().map(Served::number).toList();
        if (!known.contains(number)) {
            String reason = "there is no generation " + number + "; the last ones: " + known;
            // As a result, the audit log would call the operation done. A rejected set has a line of its own there.
            throw new MBeanException(new IllegalArgumentException(reason), reason);
        }
        return text(live.rollback(number, by));
    }

    private static String text(Attempt attempt) {
        return String.join("\n", RoutesReport.lines(attempt));
    }
}
