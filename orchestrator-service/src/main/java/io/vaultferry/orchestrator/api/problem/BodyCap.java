package io.vaultferry.orchestrator.api.problem;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** No call takes more than 64 KiB: a larger body is refused by its announced length, or while it is read. */
public class BodyCap {

    static final int LARGEST_BODY = 64 * 1024;

    @ServerRequestFilter(preMatching = true)
    public Optional<Response> cap(ContainerRequestContext request) {
        if (announcedLength(request) > LARGEST_BODY) {
            BodyTooLargeException tooLarge = new BodyTooLargeException(LARGEST_BODY);
            return Optional.of(ProblemResponse.of(Problem.of(ProblemCode.BODY_TOO_LARGE, tooLarge.getMessage()))
                    .build());
        }
        request.setEntityStream(new CappedInputStream(request.getEntityStream()));
        return Optional.empty();
    }

    private static long announcedLength(ContainerRequestContext request) {
        String header = request.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        try {
            return header == null ? -1 : Long.parseLong(header.strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static final class CappedInputStream extends FilterInputStream {
        private long seen;

        CappedInputStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            if (b >= 0) {
                count(1);
            }
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            if (n > 0) {
                count(n);
            }
            return n;
        }

        private void count(int n) throws BodyTooLargeException {
            seen += n;
            if (seen > LARGEST_BODY) {
                throw new BodyTooLargeException(LARGEST_BODY);
            }
        }
    }
}
