#include "pkg/redaction/credentials.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace coreflow::redaction {
namespace {

struct Case {
  std::string name;
  std::string text;
  std::string want;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class Credentials : public testing::TestWithParam<Case> {};

TEST_P(Credentials, AreMasked) { EXPECT_EQ(MaskCredentials(GetParam().text), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(
    Words, Credentials,
    testing::Values(Case{"behind a name", "password=hunter2 next", "password=[masked] next"},
                    Case{"behind a longer name, in capitals", "DB_PASSWORD: hunter2", "DB_PASSWORD: [masked]"},
                    Case{"in quotes, with blanks", R"(token = "a b c", x)", "token = [masked], x"},
                    Case{"in quotes, with an escaped quote", R"(token="a\"b" x)", "token=[masked] x"},
                    Case{"a member of JSON", R"({"apiKey":"k1","n":1})", R"({"apiKey":[masked],"n":1})"},
                    Case{"JSON inside a text of JSON", R"({"error":"got {\"secret\":\"s3\"} there"})",
                         R"({"error":"got {\"secret\":[masked]\"} there"})"},
                    Case{"of a query", "/x?token=abc&page=2", "/x?token=[masked]&page=2"},
                    Case{"Bearer", "Authorization: Bearer abcdefgh.ijk", "Authorization: [masked] [masked]"},
                    Case{"Basic", "sent Basic dXNlcjpwYXNz to it", "sent Basic [masked] to it"},
                    Case{"of a URL", "git clone https://me:pw@host/x", "git clone https://[masked]@host/x"},
                    Case{"a token of GitHub", "ghp_0123456789abcdefABCD", "[masked]"},
                    Case{"a JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "[masked]"},
                    Case{"an access key of AWS", "id AKIAIOSFODNN7EXAMPLE.", "id [masked]."},
                    Case{"a private key", "a -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- b",
                         "a [masked] b"},
                    Case{"a private key that is cut off", "-----BEGIN PRIVATE KEY-----\nMII\nabc", "[masked]"},
                    Case{"a long random word", "got wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY!", "got [masked]!"}));

INSTANTIATE_TEST_SUITE_P(
    WhatStays, Credentials,
    testing::Values(Case{"nothing", "", ""},
                    Case{"a sentence", "Waits for 2 of 5: extract, validate", "Waits for 2 of 5: extract, validate"},
                    Case{"a Secret that is missing", R"(secret "db" not found)", R"(secret "db" not found)"},
                    Case{"a UID", "0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469f-a165-70867728950e"},
                    Case{"a digest", "sha256:" + std::string(64, 'a'), "sha256:" + std::string(64, 'a')},
                    Case{"a time", "2026-11-21T03:37:00.000250Z", "2026-11-21T03:37:00.000250Z"},
                    Case{"a URL", "https://10.0.0.1:6443/api/v1/pods", "https://10.0.0.1:6443/api/v1/pods"},
                    Case{"bytes that are no text", "\xff\x01", "\xff\x01"}));

}  // namespace
}  // namespace coreflow::redaction
