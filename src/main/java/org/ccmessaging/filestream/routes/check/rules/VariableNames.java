package org.ccmessaging.filestream.routes.check.rules;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Assignment;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Names;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.toolkit.AccessTokenRequest;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.SessionTokenRequest;
import org.ccmessaging.filestream.toolkit.Steps;
import org.ccmessaging.filestream.toolkit.Variables;

/** What an expression reads is a variable that somebody sets, and a member that the variable has. */
final class VariableNames implements WayRule {

    private static final Pattern FUNCTION = Pattern.compile("variable(?:\\?\\.|[.:?\\[])['\"]?(.*)");

    /** A name, and the member that is read of it; a name with a scope such as {@code global:} is not looked at. */
    private static final Pattern READ = Pattern.compile("([\\w$-]+)(?![\\w$-]*:)['\"\\]]*(?:\\??\\.(\\w+))?.*");

    private static final String SCOPE = "exchange:";

    private static final Map<String, Class<?>> REQUESTS = Stream.of(DownloadRequest.class, AccessTokenRequest.class,
            SessionTokenRequest.class).collect(Collectors.toMap(Class::getName, type -> type));
    private static final Map<String, Class<?>> COPIES =
            Map.of(Variables.CUSTOMER, Customer.class, Variables.LOCATION, ObjectLocation.class);

    private static final Set<String> SERVICE = constants(Variables.class);
    private static final Set<String> BEANS = constants(Steps.class);

    @Override
    public void check(RouteSet set, List<Journey> journeys, Findings findings) {
        Set<String> known = new TreeSet<>(SERVICE);
        set.allSteps().flatMap(VariableNames::sets).map(VariableNames::plain).forEach(known::add);
        set.routes().forEach(route -> known.add(plain(route.from().get("variableReceive").text())));
        boolean anyName = !set.complete() || known.stream().anyMatch(name -> name.contains("{"));
        boolean foreign = isForeign(set);
        set.allSteps().forEach(step -> reads(step).forEach((place, keys) -> keys.forEach(key -> {
            Matcher read = READ.matcher(key);
            if (!read.matches()) {
                return;
            }
            String name = read.group(1);
            if (known.stream().anyMatch(one -> isOf(key, one))) {
                member(set, journeys, step, read, place, findings);
            } else if (!anyName) {
                String hint = Names.didYouMean(name, known, foreign ? null
                        : "set it in a step before; \"routes list variables\" names those of the service");
                if (hint != null) {
                    findings.error("R222", place.place(), step.label() + " reads variable " + name
                            + ", which nobody sets", hint);
                }
            }
        })));
    }

    /** Whether what is read is the variable, or something of it: a name may have dots. */
    private static boolean isOf(String key, String name) {
        return !name.isEmpty() && key.startsWith(name)
                && (key.length() == name.length() || ".?[]('\" ".indexOf(key.charAt(name.length())) >= 0);
    }

    private static Stream<String> sets(Step step) {
        Stream<String> assigned = step.assignments().stream().filter(one -> one.what().equals("variable"))
                .map(one -> one.name().text());
        return step.name().equals("convertVariableTo")
                ? Stream.concat(assigned, Stream.of(step.field("name").text(), step.field("toName").text())) : assigned;
    }

    /** Code that the check does not see may set variables of its own. */
    private static boolean isForeign(RouteSet set) {
        return set.others().stream().anyMatch(element -> element.name().equals("beans"))
                || set.allSteps().anyMatch(step -> step.name().equals("script")
                        || step.bean().isPresent() && !BEANS.contains(Walk.bean(step)));
    }

    /** What a step reads of variables, by the text that says so. */
    private static Map<Value, List<String>> reads(Step step) {
        Stream<Value> named = Stream.concat(Stream.of(step.field("variableSend")), Stream.concat(
                step.expression().stream(), step.assignments().stream().map(Assignment::expression)
                        .flatMap(Optional::stream)).filter(one -> one.language().equals("variable"))
                .map(VariableNames::text));
        Map<Value, List<String>> reads = Texts.evaluated(step).stream().collect(Collectors.toMap(text -> text,
                text -> Texts.functions(text.text()).stream().map(FUNCTION::matcher).filter(Matcher::matches)
                        .map(found -> plain(found.group(1))).toList(), (one, same) -> one));
        named.filter(name -> name.isScalar() && !name.text().contains("{"))
                .forEach(name -> reads.put(name, List.of(plain(name.text()))));
        return reads;
    }

    private static Value text(Expression expression) {
        Value text = expression.value().get("expression");
        return text.isPresent() ? text : expression.value();
    }

    private static void member(RouteSet set, List<Journey> journeys, Step step, Matcher read, Value place,
            Findings findings) {
        String name = read.group(1);
        String member = read.group(2);
        Collection<Class<?>> types = name.equals(Variables.REQUEST) ? requests(set, journeys, step)
                : Optional.ofNullable(COPIES.get(name)).<Collection<Class<?>>>map(List::of).orElse(List.of());
        if (member == null || types.isEmpty() || member.equals("class") || types.stream()
                .flatMap(type -> Stream.of(type.getMethods())).map(Method::getName).anyMatch(member::equals)) {
            return;
        }
        Set<String> members = types.stream().flatMap(type -> Stream.of(type.getRecordComponents()))
                .map(component -> component.getName()).collect(Collectors.toCollection(TreeSet::new));
        findings.error("R222", place.place(), step.label() + " reads " + member + " of variable " + name
                + ", which has no such member", Names.didYouMean(member, members, "it has "
                        + String.join(", ", members)));
    }

    /** What variable request can be at a step; empty if that is for nobody to say. */
    private static Collection<Class<?>> requests(RouteSet set, List<Journey> journeys, Step step) {
        Set<Optional<Class<?>>> types = journeys.stream().filter(journey -> journey.clause() == null)
                .filter(journey -> journey.visits().stream().anyMatch(visit -> visit.step() == step))
                .flatMap(journey -> requests(journey.visits().stream().map(Journey.Visit::step)))
                .collect(Collectors.toSet());
        if (types.isEmpty()) {
            types = Stream.concat(REQUESTS.values().stream().map(Optional::<Class<?>>of), requests(set.allSteps()))
                    .collect(Collectors.toSet());
        }
        return types.contains(Optional.<Class<?>>empty()) ? List.of()
                : types.stream().<Class<?>>map(Optional::get).collect(Collectors.toSet());
    }

    private static Stream<Optional<Class<?>>> requests(Stream<Step> steps) {
        return steps.filter(step -> step.assignments().stream().anyMatch(one -> one.what().equals("variable")
                        && plain(one.name().text()).equals(Variables.REQUEST)))
                .map(step -> !Effects.parses(step) ? Optional.empty() : step.fields().values().stream()
                        .map(format -> format.value().get("unmarshalType")).filter(Value::isPresent).findFirst()
                        .map(type -> REQUESTS.get(type.text())));
    }

    private static String plain(String name) {
        return name.startsWith(SCOPE) ? name.substring(SCOPE.length()) : name;
    }

    private static Set<String> constants(Class<?> words) {
        return Stream.of(words.getFields()).map(VariableNames::constant).collect(Collectors.toUnmodifiableSet());
    }

    private static String constant(Field field) {
        try {
            return (String) field.get(null);
        } catch (IllegalAccessException hidden) {
            throw new IllegalStateException(hidden);
        }
    }
}
