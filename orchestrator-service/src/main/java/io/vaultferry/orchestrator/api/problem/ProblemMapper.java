package io.vaultferry.orchestrator.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.hibernate.validator.runtime.jaxrs.ResteasyReactiveViolationException;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * The one place that turns exceptions into answers. What is not expected becomes a 500 that tells the caller nothing but
 * an id, which is in the log beside the exception.
 */
public class ProblemMapper {

    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

    @ServerExceptionMapper
    public Response problem(ProblemException exception) {
        return ProblemResponse.of(exception);
    }

    /** Both Jackson's own exceptions: what is no JSON, and JSON that is not what the call takes. */
    @ServerExceptionMapper({JsonProcessingException.class, MismatchedInputException.class})
    public Response unreadableBody(JsonProcessingException exception) {
        if (exception instanceof InvalidDefinitionException) {
            return unexpected(exception);
        }
        return ProblemResponse.of(UnreadableBody.describe(exception)).build();
    }

    @ServerExceptionMapper({ConstraintViolationException.class, ResteasyReactiveViolationException.class})
    public Response violations(ConstraintViolationException exception) {
        if (FieldViolations.areOurOwnFault(exception)) {
            return unexpected(exception);
        }
        List<Problem.FieldError> errors = FieldViolations.describe(exception);
        return ProblemResponse.of(Problem.of(
                        ProblemCode.INVALID_FIELD,
                        errors.size() == 1
                                ? errors.getFirst().field() + ": "
                                        + errors.getFirst().detail()
                                : errors.size() + " fields are not acceptable; see errors.",
                        errors))
                .build();
    }

    /** 404, 405, 406, 415 and whatever else the framework refuses. */
    @ServerExceptionMapper({WebApplicationException.class, NotFoundException.class})
    public Response refusedByFramework(WebApplicationException exception) {
        if (exception.getCause() instanceof JsonMappingException mapping
                && mapping.getCause() instanceof BodyTooLargeException) {
            return tooLarge((BodyTooLargeException) mapping.getCause());
        }
        if (exception.getCause() instanceof JsonProcessingException json) {
            return unreadableBody(json);
        }
        if (exception.getCause() instanceof BodyTooLargeException tooLarge) {
            return tooLarge(tooLarge);
        }
        return switch (exception.getResponse().getStatus()) {
            case 400 -> answer(ProblemCode.BAD_REQUEST, "The request is not readable.");
            case 401 -> answer(ProblemCode.UNAUTHORIZED, "Send a valid key as a bearer token.");
            case 403 -> answer(ProblemCode.FORBIDDEN, "This is not allowed.");
            case 404 -> answer(ProblemCode.NOT_FOUND, "There is nothing at this path. See /q/openapi for the calls.");
            case 405 -> notAllowed(exception);
            case 406 -> answer(ProblemCode.NOT_ACCEPTABLE, "Accept application/json, or leave the header out.");
            case 413 -> answer(ProblemCode.BODY_TOO_LARGE, "The body is too large.");
            case 415 ->
                answer(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Send the body with Content-Type: application/json.");
            default -> unexpected(exception);
        };
    }

    @ServerExceptionMapper
    public Response tooLarge(BodyTooLargeException exception) {
        return answer(ProblemCode.BODY_TOO_LARGE, exception.getMessage());
    }

    @ServerExceptionMapper
    public Response unexpected(Throwable exception) {
        String id = UUID.randomUUID().toString();
        LOG.errorf(exception, "unexpected error %s", id);
        return ProblemResponse.of(Problem.of(
                                ProblemCode.INTERNAL_ERROR,
                                "This is a defect of Vaultferry. The log of the orchestrator holds more under the id "
                                        + id + ".")
                        .withInstance("urn:uuid:" + id))
                .build();
    }

    private static Response notAllowed(WebApplicationException exception) {
        Response.ResponseBuilder response =
                ProblemResponse.of(Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "See /q/openapi for the methods."));
        if (exception instanceof NotAllowedException) {
            response.header(HttpHeaders.ALLOW, exception.getResponse().getHeaderString(HttpHeaders.ALLOW));
        }
        return response.build();
    }

    private static Response answer(ProblemCode code, String detail) {
        return ProblemResponse.of(Problem.of(code, detail)).build();
    }
}
