package io.vaultferry.staging.s3;

import io.vaultferry.claimcheck.StagingUnavailableException;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** What the SDK's exceptions mean for who stages. */
final class S3Failures {

    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9.]{1,64}");

    private S3Failures() {}

    /**
     * A failure with the reason that an operator needs: the server's code, or what kept it from answering. Without its cause: the
     * SDK's messages hold addresses, names and what the server wrote.
     *
     * @param what the first half of the sentence, for example "a document cannot be staged"
     */
    static StagingUnavailableException unavailable(String what, SdkException thrown) {
        return new StagingUnavailableException(what + ": " + reason(thrown), null);
    }

    /** Whether the server itself says that an object or an upload is not there. A bare 404 may be anybody's on the way. */
    static boolean isMissing(SdkException thrown) {
        return hasCode(thrown, "NoSuchKey", "NoSuchUpload");
    }

    static boolean hasCode(SdkException thrown, String... codes) {
        return thrown instanceof AwsServiceException answered && List.of(codes).contains(codeOf(answered));
    }

    private static String reason(SdkException thrown) {
        return switch (thrown) {
            case AwsServiceException answered ->
                "the bucket's server answers " + answered.statusCode() + told(answered);
            case ApiCallAttemptTimeoutException slow -> "the bucket's server does not answer in time";
            case ApiCallTimeoutException slow -> "the bucket's server does not answer in time";
            default -> "the bucket's server is not reached (" + kindOf(thrown) + ")";
        };
    }

    private static String told(AwsServiceException answered) {
        String code = codeOf(answered);
        return code.isEmpty() ? "" : " " + code;
    }

    /** The server's code, unless it is no code but a text. */
    private static String codeOf(AwsServiceException answered) {
        String code = answered.awsErrorDetails() == null
                ? null
                : answered.awsErrorDetails().errorCode();
        return code != null && CODE.matcher(code).matches() ? code : "";
    }

    private static String kindOf(Throwable thrown) {
        Throwable innermost = thrown;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost.getClass().getSimpleName();
    }
}
