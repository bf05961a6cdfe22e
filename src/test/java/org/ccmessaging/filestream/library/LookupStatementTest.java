package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class LookupStatementTest {

    @ParameterizedTest
    @CsvFileSource(resources = "/library/lookups.csv", delimiter = '\t', quoteCharacter = '`')
    void oneSelectIsALookup(String statement) {
        assertThat(LookupStatement.fault(statement.translateEscapes())).isNull();
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/library/no-lookups.csv", delimiter = '\t', quoteCharacter = '`')
    void anythingElseIsRefused(String statement) {
        assertThat(LookupStatement.fault(statement.translateEscapes())).isNotNull();
    }

    @Test
    void faultShowsWhereItBegins() {
        assertThat(LookupStatement.fault("select a from t\nwhere a like\n'%b'"))
                .startsWith("\"like\" cannot stand here: ");
        assertThat(LookupStatement.fault("select a" + " ".repeat(4088))).isNull();
        assertThat(LookupStatement.fault("select a" + " ".repeat(4089)))
                .isEqualTo("a statement has at most 4096 characters");
    }
}
