package io.vaultferry.e2e;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** What uses one running system, in this order: the second stops it, to look for secrets in what both left behind. */
@Suite
@SelectClasses({DashboardIT.class, MigrationIT.class})
class RunningSystemIT {}
