#include <gtest/gtest.h>

#include "pkg/cel/show_for_test.h"

// What the specification's own tests do not cover: Kubernetes' libraries, and the ends of ranges.
namespace coreflow::cel {
namespace {

class Function : public testing::TestWithParam<Example> {};

TEST_P(Function, Shows) { EXPECT_EQ(Show(GetParam().expression), GetParam().shows) << GetParam().expression; }

INSTANTIATE_TEST_SUITE_P(
    OfLists, Function,
    testing::Values(Example{"[1, 2, 3].sum()", "6"}, Example{"[1.5, 2.0].sum()", "double(3.5)"},
                    Example{"[1u, 2u].sum()", "3u"}, Example{"[].sum()", "0"},
                    Example{"[duration('1m'), duration('2s')].sum()", "duration('62s')"},
                    Example{"[9223372036854775807, 1].sum()", "error the sum does not fit int (at offset 25)"},
                    Example{
                        "dyn(['a']).sum()",
                        "error sum() needs numbers or durations of one type, not string and null_type (at offset 11)"},
                    Example{"dyn([1, 2.5]).sum()", "double(3.5)"}, Example{"[3, 1, 2].min()", "1"},
                    Example{"['b', 'a'].max()", "\"b\""}, Example{"[dyn(1), 0.5].min()", "double(0.5)"},
                    Example{"[].max()", "error an empty list has no least and no greatest element (at offset 3)"},
                    Example{"dyn([1, 'a']).min()", "error there is no order between string and int (at offset 14)"},
                    Example{"[1, 1, 2].isSorted()", "true"}, Example{"[2, 1].isSorted()", "false"},
                    Example{"[].isSorted()", "true"}, Example{"['a', 'b', 'a'].indexOf('a')", "0"},
                    Example{"['a', 'b', 'a'].lastIndexOf('a')", "2"}, Example{"[1].indexOf(2)", "-1"},
                    Example{"[[1]].indexOf([1])", "0"}));

INSTANTIATE_TEST_SUITE_P(
    OfQuantities, Function,
    testing::Values(Example{"quantity('1.5Gi')", "quantity('1536Mi')"},
                    Example{"quantity('500m').add(quantity('500m'))", "quantity('1')"},
                    Example{"quantity('1Ki').sub(24)", "quantity('1k')"},
                    Example{"quantity('2Gi').isGreaterThan(quantity('2G'))", "true"},
                    Example{"quantity('1k') == quantity('1000')", "true"},
                    Example{"quantity('1k') < quantity('1Ki')", "true"}, Example{"quantity('-3').sign()", "-1"},
                    Example{"quantity('5').compareTo(quantity('7'))", "-1"},
                    Example{"quantity('50k').asInteger()", "50000"}, Example{"quantity('1500m').isInteger()", "false"},
                    Example{"quantity('1500m').asApproximateFloat()", "double(1.5)"},
                    Example{"quantity('1500m').asInteger()",
                            "error the quantity 1500m is no whole number (at offset 18)"},
                    Example{"isQuantity('1.3Mi')", "true"}, Example{"isQuantity('1 Mi')", "false"},
                    Example{"isQuantity('')", "false"},
                    Example{"quantity('1Mb')", "error '1Mb' is no quantity such as 500m or 2Gi (at offset 0)"},
                    Example{"string(quantity('0.5'))", "\"500m\""}));

INSTANTIATE_TEST_SUITE_P(
    OfStrings, Function,
    testing::Values(
        Example{"'a,b,,c'.split(',')", R"(["a", "b", "", "c"])"}, Example{"'äb'.split('')", R"(["ä", "b"])"},
        Example{"''.split(',')", R"([""])"}, Example{"'a,b,c'.split(',', 2)", R"(["a", "b,c"])"},
        Example{"'abc'.split('', 2)", R"(["a", "bc"])"}, Example{"'aaa'.replace('a', 'b', 2)", "\"bba\""},
        Example{"'ab'.replace('', '-')", "\"-a-b-\""}, Example{"'ab'.replace('a', 'x', 0)", "\"ab\""},
        Example{"'äöü'.substring(1, 2)", "\"ö\""},
        Example{"'x'.charAt(2)", "error position 2 is outside the text (at offset 4)"},
        Example{"'äbä'.lastIndexOf('ä')", "2"}, Example{"''.indexOf('')", "0"}, Example{"''.lastIndexOf('')", "0"},
        Example{"dyn([1]).join()", "error join() needs a list of strings, not of int (at offset 9)"},
        Example{"'%s is %d%%'.format(['load', 95])", "\"load is 95%\""},
        Example{"'%.101f'.format([1.0])", "error the precision after % must be a number up to 100 (at offset 9)"},
        Example{"'%'.format([1])", "error a % ends the text; write %% for a percent sign (at offset 4)"},
        Example{"'abc'.matches('^a.c$')", "true"}, Example{"matches('abc', 'b')", "true"},
        Example{"'x'.matches('a' + '(')", "error the regular expression is wrong: missing ): a( (at offset 4)"}));

INSTANTIATE_TEST_SUITE_P(
    OfTimes, Function,
    testing::Values(
        Example{"timestamp('2024-02-29T12:00:00Z').getDayOfYear()", "59"},
        Example{"timestamp('2024-01-01T00:30:00Z').getFullYear('-01:00')", "2023"},
        Example{"timestamp('2024-01-01T00:00:00.5+01:00')", "timestamp('2023-12-31T23:00:00.500Z')"},
        Example{
            "timestamp(0).getHours('Mars/Olympus')",
            "error time zone 'Mars/Olympus' is not known here; write UTC or an offset such as '+01:00' (at offset 13)"},
        Example{"duration('1h2m3.5s')", "duration('3723.5s')"}, Example{"duration('-1.5ms')", "duration('-0.0015s')"},
        Example{"duration('1')", "error '1' is no duration such as 1h30m or 90s, within 292 years (at offset 0)"},
        Example{"duration('90m') > duration('1h')", "true"},
        Example{
            "timestamp('2023-02-29T00:00:00Z')",
            "error '2023-02-29T00:00:00Z' is no timestamp such as 2026-11-21T03:37:00Z, in the years 1 to 9999 (at offset 0)"}));

INSTANTIATE_TEST_SUITE_P(
    OfNumbers, Function,
    testing::Values(Example{"-9223372036854775808 / -1", "error the result does not fit int (at offset 21)"},
                    Example{"-9223372036854775808 % -1", "error the result does not fit int (at offset 21)"},
                    Example{"1 % 0", "error modulus by zero (at offset 2)"},
                    Example{"0u - 1u", "error the result does not fit uint (at offset 3)"},
                    Example{"1.0 / 0.0", "double(+Inf)"},
                    Example{"int(1e19)", "error the number does not fit int (at offset 0)"},
                    Example{"double('1e400')", "error '1e400' is no double (at offset 0)"},
                    Example{"double('1e-400')", "double(0)"}, Example{"string(1e100)", "\"1e+100\""},
                    Example{"9223372036854775808",
                            "problem 0: the number does not fit an int; write 9223372036854775808u for a uint"},
                    Example{"1e999", "problem 0: the number is too large for a double"},
                    Example{"18446744073709551615u > 9223372036854775807", "true"}, Example{"-1 < 0u", "true"}));

}  // namespace
}  // namespace coreflow::cel
