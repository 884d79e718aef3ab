package io.vaultferry.testsupport.wrong.domain;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.vaultferry.exporting.NeighborOfTheWrongService;
import io.vaultferry.testsupport.wrong.persistence.FreightService;
import javax.crypto.Cipher;
import org.eclipse.microprofile.reactive.messaging.Emitter;

record Freight(
        @JsonProperty String framework,
        FreightService badlyNamedEntity,
        NeighborOfTheWrongService neighbor,
        Emitter<String> sender,
        Cipher cipher,
        RevealKeyBytes keyBytes) {}
