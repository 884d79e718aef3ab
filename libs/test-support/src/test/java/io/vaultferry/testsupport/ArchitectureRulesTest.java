package io.vaultferry.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureRulesTest {

    static Stream<Method> rules() {
        return Arrays.stream(ArchitectureRules.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleFindsItsBreach(Method rule) {
        ArchitectureRules rules = rulesFor("io.vaultferry.testsupport.wrong");

        assertThatThrownBy(() -> call(rule, rules))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("was violated")
                .hasMessageContaining("io.vaultferry.testsupport.wrong");
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleIsContentWithPlainCode(Method rule) {
        ArchitectureRules rules = rulesFor("io.vaultferry.infrastructure.process");

        assertThatCode(() -> call(rule, rules)).doesNotThrowAnyException();
    }

    @Test
    void thereAreRules() {
        assertThat(rules()).hasSizeGreaterThan(7);
    }

    private static ArchitectureRules rulesFor(String root) {
        return new ArchitectureRules(root, new ClassFileImporter().importPackages(root)) {};
    }

    private static void call(Method rule, ArchitectureRules rules) throws Throwable {
        try {
            rule.invoke(rules);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
