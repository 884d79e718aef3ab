package io.vaultferry.orchestrator.api.problem;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Says why a JSON body was refused: by field, line and column. Jackson's own messages quote the body, which may hold a
 * password, and are therefore never used.
 */
final class UnreadableBody {

    private static final int LONGEST_NAME = 64;

    private UnreadableBody() {}

    static Problem describe(JsonProcessingException exception) {
        return switch (exception) {
            case UnrecognizedPropertyException unknown -> unknownField(unknown);
            case InvalidTypeIdException type -> wrongType(type, "an object with a known \"type\"");
            case InvalidFormatException format
            when format.getTargetType() != null && format.getTargetType().isEnum() ->
                wrongType(format, "one of " + namesOf(format.getTargetType()));
            // The parser's own complaints come wrapped when they are met inside an object.
            case JsonMappingException mapping
            when mapping.getCause() instanceof StreamReadException malformed -> malformed(malformed);
            case JsonMappingException mapping -> wrongType(mapping, expected(mapping));
            default -> malformed(exception);
        };
    }

    private static Problem malformed(JsonProcessingException exception) {
        return Problem.of(ProblemCode.MALFORMED_BODY, "The body is not valid JSON" + at(exception.getLocation()) + ".");
    }

    private static Problem unknownField(UnrecognizedPropertyException exception) {
        String field = path(exception);
        Collection<Object> known = exception.getKnownPropertyIds();
        String detail = "This field is not known"
                + (known == null || known.isEmpty()
                        ? "."
                        : ". Known here: "
                                + known.stream().map(Object::toString).sorted().collect(Collectors.joining(", "))
                                + ".");
        return Problem.of(
                ProblemCode.UNKNOWN_FIELD, field + ": " + detail, List.of(new Problem.FieldError(field, detail)));
    }

    private static Problem wrongType(JsonMappingException exception, String expected) {
        String field = path(exception);
        String detail = "Expected " + expected + at(exception.getLocation()) + ".";
        if (field.isEmpty()) {
            return Problem.of(ProblemCode.WRONG_TYPE, detail);
        }
        return Problem.of(
                ProblemCode.WRONG_TYPE, field + ": " + detail, List.of(new Problem.FieldError(field, detail)));
    }

    private static String expected(JsonMappingException exception) {
        if (!(exception instanceof MismatchedInputException mismatch) || mismatch.getTargetType() == null) {
            return "another value";
        }
        Class<?> type = mismatch.getTargetType();
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class || type == char[].class) {
            return "a text";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return "a number";
        }
        if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        if (type == UUID.class) {
            return "an id (UUID)";
        }
        return "an object";
    }

    private static String namesOf(Class<?> enumType) {
        return Arrays.stream(enumType.getFields())
                .filter(Field::isEnumConstant)
                .map(constant -> constant.isAnnotationPresent(JsonProperty.class)
                        ? constant.getAnnotation(JsonProperty.class).value()
                        : constant.getName())
                .collect(Collectors.joining(", "));
    }

    private static String path(JsonMappingException exception) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : exception.getPath()) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(printable(reference.getFieldName()));
            }
        }
        return path.toString();
    }

    /** A field's name comes from the caller: it is cut, and what is not a plain character is replaced. */
    static String printable(String name) {
        String cut = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "...";
        return cut.replaceAll("[^A-Za-z0-9_.\\-]", "?");
    }

    private static String at(JsonLocation location) {
        return location == null || location.getLineNr() < 0
                ? ""
                : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
