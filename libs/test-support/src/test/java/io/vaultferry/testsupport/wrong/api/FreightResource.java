package io.vaultferry.testsupport.wrong.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

@Path("/freight")
class FreightResource {

    @GET
    String show() {
        return "";
    }
}
