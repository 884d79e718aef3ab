package io.vaultferry.orchestrator.connections;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

class MasterPasswordTest {

    private final JsonMapper mapper = JsonMapper.builder().build();

    @Test
    void isReadAsItIsAndWiped() throws Exception {
        // Given
        ConnectionRequest request = mapper.readValue("""
                {"name": "n", "serverUrl": "u", "credentials": {"type": "password", "email": "e",
                 "masterPassword": " pä\\u0073s \\"w\\" \\ud83d\\udd11 "}}""", ConnectionRequest.class);
        char[] characters = request.credentials().masterPassword().characters();
        assertThat(new String(characters)).isEqualTo(" päss \"w\" \ud83d\udd11 ");

        // When
        request.forgetPassword();

        // Then
        assertThat(characters).containsOnly('\0');
    }

    @Test
    void isNeverPartOfAText() throws Exception {
        // When
        ConnectionRequest request = mapper.readValue("""
                {"name": "n", "serverUrl": "u", "credentials": {"masterPassword": "canary-1", "type": "apiKey",
                 "clientId": "canary-2", "clientSecret": "canary-3"}}""", ConnectionRequest.class);

        // Then
        assertThat(request.toString()
                        + request.credentials()
                        + request.credentials().masterPassword())
                .doesNotContain("canary");
    }
}
