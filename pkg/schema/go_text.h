#pragma once

#include <string>
#include <string_view>

#include "pkg/json/value.h"

namespace coreflow::schema {

// Values as Go's fmt prints them, since the server's messages contain such text.

// %v of a number: whole ones without a fraction, exponents from 1e+21 on.
std::string GoNumber(double number);
// %q: a string in quotes.
std::string GoQuote(std::string_view text);
// As field errors show a value: strings by %q, null, lists and objects as JSON, anything else by %v.
std::string GoValue(const json::Value& value);

}  // namespace coreflow::schema
