package org.ccmessaging.filestream.routes.check.rules;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.component.bean.BeanConstants;
import org.ccmessaging.filestream.routes.check.Assignment;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.sandbox.Sandbox;
import org.ccmessaging.filestream.toolkit.Steps;

/** Routes call the beans that are made for them, and replace none of them. */
final class Beans implements Rule {

    private static final Set<String> OURS = Set.of(Steps.RECORD_DOWNLOAD, Steps.AUTHENTICATE, Steps.AUTHENTICATE_APP,
            Steps.ADMIT, Steps.READ_BODY, Steps.CHECK_REQUEST, Steps.RESOLVE_KEY, Steps.OPEN_FILE,
            Steps.REQUEST_OBJECT, Steps.TAKE_OBJECT, Steps.READ_FIRST_CHUNK, Steps.ENCODE_STREAM, Steps.RESPOND,
            Steps.RAISE_FAILURE, Steps.ISSUE_ACCESS_TOKEN, Steps.ISSUE_SESSION_TOKEN, Steps.TAKE_STREAM,
            Steps.GIVE_STREAM, "requestMapper", "requestFault", "retryAfter", "s3Client");

    private static final Pattern CALL = Pattern.compile("(bean|ref|type):([\\w.$]+).*");

    @Override
    public void check(RouteSet set, Findings findings) {
        List<Value> declared = set.others().stream().filter(element -> element.name().equals("beans"))
                .flatMap(element -> element.value().items().stream()).map(bean -> bean.get("name")).toList();
        declared.stream().filter(name -> OURS.contains(name.text())).forEach(name -> findings.error("R304",
                name.place(), "bean " + name.text() + " would take the place of the service's own",
                "give it another name"));
        Set<String> allowed = new HashSet<>(OURS);
        allowed.removeAll(Sandbox.OPTIONS);
        allowed.addAll(declared.stream().map(Value::text).collect(Collectors.toSet()));
        set.allSteps().forEach(step -> step(step, allowed, findings));
        set.allSteps().flatMap(step -> step.assignments().stream()).filter(Beans::namesAMethod)
                .forEach(assignment -> findings.error("R121", assignment.name().place(), "header "
                        + assignment.name().text() + " changes the method that steps call",
                        "name the method at the step that calls it"));
        Texts.all(set).forEach(text -> Texts.functions(text.text()).forEach(function ->
                function(function, text.place(), allowed, findings)));
    }

    private static boolean namesAMethod(Assignment assignment) {
        return assignment.what().equals("header")
                && assignment.name().text().equalsIgnoreCase(BeanConstants.BEAN_METHOD_NAME);
    }

    private static void step(Step step, Set<String> allowed, Findings findings) {
        if (!step.name().equals("process")) {
            called(step.bean(), step.label(), allowed, findings);
        }
        Stream.of(step.field("beanType")).filter(type -> step.name().equals("bean"))
                .filter(Value::isPresent).forEach(type -> findings.error("R121", type.place(), step.label()
                        + " calls class " + type.text(), "declare it as a bean in a route file and call the bean"));
        methods(step, allowed, findings);
    }

    private static void methods(Step step, Set<String> allowed, Findings findings) {
        Optional<Value> method = step.expression().filter(found -> found.language().equals("method"))
                .map(found -> found.value());
        method.ifPresent(found -> {
            called(found.get("ref"), step.label(), allowed, findings);
            if (found.get("beanType").isPresent()) {
                findings.error("R121", found.get("beanType").place(), step.label() + " calls class "
                        + found.get("beanType").text(), "declare it as a bean in a route file and call the bean");
            }
        });
    }

    private static void called(Value bean, String who, Set<String> allowed, Findings findings) {
        if (bean.isPresent() && !allowed.contains(bean.text()) && !bean.text().isEmpty()) {
            findings.error("R121", bean.place(), who + " calls bean " + bean.text() + ", which is not made for routes",
                    "`routes list beans` names those that are; a bean of your own stands under beans: in a route file");
        }
    }

    private static void function(String function, Place place, Set<String> allowed, Findings findings) {
        Matcher call = CALL.matcher(function);
        if (!call.matches()) {
            return;
        }
        String name = call.group(2);
        if (call.group(1).equals("type")) {
            findings.error("R121", place, "${" + function + "} reads class " + name,
                    "declare a bean in a route file and call the bean");
        } else if (!allowed.contains(name)) {
            findings.error("R121", place, "${" + function + "} calls bean " + name + ", which is not made for routes",
                    "`routes list beans` names those that are; a bean of your own stands under beans: in a route file");
        }
    }
}
