package io.vaultferry.messaging.intake;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;

/**
 * What is said about a record that could not be processed. The record itself stays where it is until its topic's retention
 * ends; it is not repeated here, because nobody knows what is in it.
 *
 * @param length of the value in bytes; -1 when there was none
 * @param messageId when the record said one
 * @param messageType when the record said one that we know
 * @param reason why, as the name of a kind of failure
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeadLetter(
        String topic, int partition, long offset, int length, UUID messageId, String messageType, String reason) {

    /** What a dead letter's {@code message-type} header says. */
    static final String TYPE_ID = "dead-letter.v1";
}
