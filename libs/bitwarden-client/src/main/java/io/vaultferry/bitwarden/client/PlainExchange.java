package io.vaultferry.bitwarden.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** One request without a body, and the head of its answer, on the caller's thread. */
final class PlainExchange {
    private final FileConnection connection;
    private final Call call;
    private final RequestHead request;
    private final Duration bodyIdle;

    PlainExchange(FileConnection connection, Call call, RequestHead request, Duration bodyIdle) {
        this.connection = connection;
        this.call = call;
        this.request = request;
        this.bodyIdle = bodyIdle;
    }

    HttpAnswer perform() throws TransportFailure {
        try {
            connection.socket().waitUntilAllIsRead(call.answerWithin());
            connection.out().write(request.bytes());
            AnswerHead head = AnswerHead.read(connection.in());
            return new HttpAnswer(
                    head.status(), head.headers(), new AnswerBody(connection, head, head.keepsConnection(), bodyIdle));
        } catch (SocketTimeoutException e) {
            throw TransportFailure.noAnswerInTime(connection.origin(), call.answerWithin(), true);
        } catch (IOException e) {
            throw TransportFailure.connectionLost(connection.origin(), true);
        }
    }
}
