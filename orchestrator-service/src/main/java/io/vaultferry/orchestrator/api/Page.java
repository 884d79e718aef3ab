package io.vaultferry.orchestrator.api;

import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;

/** Which part of a list a caller wants. */
record Page(int limit, int offset) {

    private static final int LARGEST = 1_000;
    private static final int USUAL = 100;
    private static final int FARTHEST = 100_000_000;

    /**
     * @param limit how many; null for the usual number
     * @param offset how many to leave out before; null for none
     * @throws ProblemException when one is no number, or out of range
     */
    static Page of(String limit, String offset) {
        return new Page(number("limit", limit, USUAL, 1, LARGEST), number("offset", offset, 0, 0, FARTHEST));
    }

    static long sequence(String field, String text) {
        return number(field, text, 0L, 0L, Long.MAX_VALUE);
    }

    private static int number(String field, String text, int otherwise, int least, int most) {
        return Math.toIntExact(number(field, text, (long) otherwise, (long) least, (long) most));
    }

    private static long number(String field, String text, long otherwise, long least, long most) {
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Answered below, like a number out of range.
        }
        throw ProblemException.ofField(
                ProblemCode.INVALID_FIELD, field, "Expected a whole number from " + least + " to " + most + ".");
    }
}
