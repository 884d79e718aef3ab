package io.vaultferry.orchestrator.access;

import jakarta.ws.rs.container.ContainerRequestContext;

/** A way for an operator to show who he is. A request is admitted when one of all ways admits it. */
interface AdminCredential {

    boolean isShownBy(ContainerRequestContext request);

    /** Whether browsers add it to a request by themselves, whoever made them send it. */
    boolean isSentUnasked();
}
