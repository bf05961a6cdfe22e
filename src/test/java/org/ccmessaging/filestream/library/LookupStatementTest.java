package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LookupStatementTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "select object_key from filestream.multimedia_file where tenant_id = ? and id = ?",
        "SELECT f.\"Path\" AS path\nFROM media.films AS f\n  JOIN media.owners o ON o.id = f.owner\nWHERE o.code = ?",
        " select concat('films/', cast(? as varchar(100)), '-', lower(f.name))"
            + " from films f where not f.gone and not (a = 1)",
        "select max(version) from films where id in (?,?,?) and kind not in ('a', 'b') and gone is not null",
        "select path from films where id = ?::uuid order by version desc nulls last limit 1",
        "select case when a = 1 then b else coalesce(c, '') || '/x' end from t fetch first 1 row only",
        "select path from films, owners where films.owner = owners.id and size between -1 and 10 * (2 - 1)"})
    void oneSelectIsALookup(String statement) {
        assertThat(LookupStatement.fault(statement)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "set @f = ?", "select @f", "select @f := ?", "select set(@f, ?)", "insert into t values (?)", "call f()",
        "create local temporary table t as select ?", "with a as (select 1) select * from a", "table t", "values (1)",
        "explain select 1", "select 1; drop table t", "select 1 union select 2", "select x into y from t",
        "select a from (select 1 a)", "select a from t where exists (select 1)",
        "select sum(sqrt(\"X\")) from system_range(1,100000000000)", "select set_config('a.b', ?, false)",
        "select \"set_config\"('a.b', ?, false)", "select set_config ('a.b', ?, false)", "select pg_sleep(100)",
        "select repeat('x', 1000000000)", "select a from final table (delete from t)", "select csvread('/etc/passwd')",
        "select a from t for update", "select count(*) over (order by a) from t", "select next value for s",
        "select a from t group by a, b",
        // Operators that search a pattern, in each place.
        "select a from t where a like '%a%a%a'", "select a from t where a not like '%a'",
        "select a from t where a like +'a'",
        "select a from t where a regexp '(a+)+$'", "select a from t where (a) regexp '(a+)+$'", "select a ~ 'b' from t",
        "select a from t where a not regexp concat('(a', '+)+')", "select a from t where a regexp ?",
        // Where databases disagree on the end of a text, a name or a comment.
        "select a -- b", "select a /* /* */ , b */", "select a // , \n like", "select 'a\\' b'", "select 'it''s'",
        "select $$a$$", "select $a$;$a$", "select `a`", "select a # b", "select {fn now()}", "select 'a",
        "select \"a", "select U&\"s\\0065t\"(1)", "select a\u00a0b", "select a from (\u017felect b)", "select ?1"})
    void anythingElseIsRefused(String statement) {
        assertThat(LookupStatement.fault(statement)).isNotNull();
    }

    @Test
    void faultShowsWhereItBegins() {
        assertThat(LookupStatement.fault("select a from t\nwhere a like\n'%b'"))
                .startsWith("\"like\" cannot stand here: ");
        assertThat(LookupStatement.fault("select a from t where a in (" + "?, ".repeat(2000) + "?)"))
                .isEqualTo("a statement has at most 4096 characters");
    }
}
