package io.vaultferry.bitwarden.client;

import java.util.regex.Pattern;

/** Makes a foreign sentence fit for logs and messages: short, one line, and without what someone put into a request. */
final class ServerText {
    private static final int LONGEST = 200;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029\\s]+");
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|'[^']{2,}'(?![a-z])");
    private static final Pattern MAIL_ADDRESS = Pattern.compile("[^\\s@<>]+@[^\\s@<>]+");
    private static final Pattern LONG_VALUE = Pattern.compile("[A-Za-z0-9+/=|_.:%?&-]{24,}");

    private ServerText() {}

    static String clean(String textOrNull) {
        if (textOrNull == null) {
            return "";
        }
        String start = textOrNull.length() > 4 * LONGEST ? textOrNull.substring(0, 4 * LONGEST) : textOrNull;
        String text = CONTROL.matcher(start).replaceAll(" ");
        text = QUOTED.matcher(text).replaceAll("(value)");
        text = MAIL_ADDRESS.matcher(text).replaceAll("(address)");
        text = LONG_VALUE.matcher(text).replaceAll("(value)").strip();
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }
}
