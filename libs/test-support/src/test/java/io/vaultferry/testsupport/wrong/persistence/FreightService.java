package io.vaultferry.testsupport.wrong.persistence;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Entity
public class FreightService {

    @Id
    long id;
}
