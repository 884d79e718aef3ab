package io.vaultferry.bitwarden.crypto;

import java.util.Map;
import java.util.Set;

/** Which strings of an item are encrypted for sure: names of members, and the same for the objects and lists inside. */
record EncryptedFields(Set<String> names, Map<String, EncryptedFields> inner) {
    private static final EncryptedFields UNKNOWN = of(Set.of());

    private static final EncryptedFields LOGIN = new EncryptedFields(
            Set.of("username", "password", "totp", "uri"),
            Map.of(
                    "uris",
                    of(Set.of("uri", "uriChecksum")),
                    "fido2Credentials",
                    of(Set.of(
                            "credentialId",
                            "keyType",
                            "keyAlgorithm",
                            "keyCurve",
                            "keyValue",
                            "rpId",
                            "rpName",
                            "userHandle",
                            "userName",
                            "userDisplayName",
                            "counter",
                            "discoverable"))));

    private static final EncryptedFields CARD =
            of(Set.of("cardholderName", "brand", "number", "expMonth", "expYear", "code"));

    private static final EncryptedFields IDENTITY = of(Set.of(
            "title",
            "firstName",
            "middleName",
            "lastName",
            "address1",
            "address2",
            "address3",
            "city",
            "state",
            "postalCode",
            "country",
            "company",
            "email",
            "phone",
            "ssn",
            "username",
            "passportNumber",
            "licenseNumber"));

    private static final EncryptedFields SSH_KEY =
            of(Set.of("privateKey", "publicKey", "keyFingerprint", "fingerprint"));

    private static final EncryptedFields BANK_ACCOUNT = of(Set.of(
            "bankName",
            "nameOnAccount",
            "accountType",
            "accountNumber",
            "routingNumber",
            "branchNumber",
            "pin",
            "swiftCode",
            "iban",
            "bankContactPhone"));

    private static final EncryptedFields DRIVERS_LICENSE = of(Set.of(
            "firstName",
            "middleName",
            "lastName",
            "dateOfBirth",
            "licenseNumber",
            "issuingCountry",
            "issuingState",
            "issueDate",
            "expirationDate",
            "issuingAuthority",
            "licenseClass"));

    private static final EncryptedFields PASSPORT = of(Set.of(
            "surname",
            "givenName",
            "dateOfBirth",
            "sex",
            "birthPlace",
            "nationality",
            "issuingCountry",
            "passportNumber",
            "passportType",
            "nationalIdentificationNumber",
            "issuingAuthority",
            "issueDate",
            "expirationDate"));

    static final EncryptedFields OF_ITEM = new EncryptedFields(
            Set.of("name", "notes"),
            Map.of(
                    "fields", of(Set.of("name", "value")),
                    "passwordHistory", of(Set.of("password")),
                    "login", LOGIN,
                    "card", CARD,
                    "identity", IDENTITY,
                    "sshKey", SSH_KEY,
                    "bankAccount", BANK_ACCOUNT,
                    "driversLicense", DRIVERS_LICENSE,
                    "passport", PASSPORT));

    private static EncryptedFields of(Set<String> names) {
        return new EncryptedFields(names, Map.of());
    }

    EncryptedFields inside(String name) {
        return inner.getOrDefault(name, UNKNOWN);
    }
}
