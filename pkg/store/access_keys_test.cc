#include "pkg/store/access_keys.h"

#include <gmock/gmock.h>

#include <map>
#include <ostream>
#include <string>

#include "pkg/base/test_folder.h"

namespace coreflow::store {
namespace {

constexpr char kFile[] =
    "# mine\n"
    "[default]\n"
    "aws_access_key_id = FILEID\r\n"
    "  aws_secret_access_key=file/secret==\n"
    "[ci]\n"
    "aws_access_key_id = CIID\n"
    "aws_secret_access_key = cisecret\n"
    "aws_session_token = citoken\n"
    "[half]\n"
    "aws_access_key_id = HALFID\n"
    "[broken]\n"
    "aws_access_key_id = BROKEN ID\n"
    "aws_secret_access_key = hidden\n";

struct KeyCase {
  std::string name;
  std::map<std::string, std::string> variables;  // FILE stands for the file, HOME for its home
  std::string want;                              // "ID SECRET TOKEN", or what is said
};
void PrintTo(const KeyCase& c, std::ostream* out) { *out << c.name; }

class AccessKeys : public testing::TestWithParam<KeyCase> {};

TEST_P(AccessKeys, AreFoundWhereToolsOfAwsLook) {
  const TestFolder folder;
  const std::string file = folder.Write("home/.aws/credentials", kFile);
  const auto variable = [&](const std::string& name) -> std::string {
    const auto found = GetParam().variables.find(name);
    if (found == GetParam().variables.end()) return "";
    return found->second == "FILE" ? file : found->second == "HOME" ? folder / "home" : found->second;
  };
  const auto key = FindAccessKey(variable);
  if (key) {
    EXPECT_EQ(key->id + " " + key->secret.Reveal() + " " + key->session_token.Reveal(), GetParam().want);
  } else {
    EXPECT_EQ(key.error().code, Code::kInvalid);
    EXPECT_THAT(key.error().message, testing::HasSubstr(GetParam().want));
    EXPECT_THAT(key.error().message, testing::Not(testing::HasSubstr("hidden")));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, AccessKeys,
    testing::Values(
        KeyCase{"Nothing", {}, "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE"},
        KeyCase{"Variables", {{"AWS_ACCESS_KEY_ID", "ID"}, {"AWS_SECRET_ACCESS_KEY", "s"}}, "ID s "},
        KeyCase{"VariablesOfASecretThatEndsALine",
                {{"AWS_ACCESS_KEY_ID", "ID\n"}, {"AWS_SECRET_ACCESS_KEY", "s\n"}, {"AWS_SESSION_TOKEN", "t\n"}},
                "ID s t"},
        KeyCase{"VariablesWinOverAFile",
                {{"AWS_ACCESS_KEY_ID", "ID"}, {"AWS_SECRET_ACCESS_KEY", "s"}, {"AWS_SHARED_CREDENTIALS_FILE", "FILE"}},
                "ID s "},
        KeyCase{"NoSecret", {{"AWS_ACCESS_KEY_ID", "ID"}}, "AWS_SECRET_ACCESS_KEY is not"},
        KeyCase{"NoId", {{"AWS_SECRET_ACCESS_KEY", "hidden"}}, "AWS_ACCESS_KEY_ID is not"},
        KeyCase{"AHeaderOfItsOwn",
                {{"AWS_ACCESS_KEY_ID", "ID\r\nHost: x"}, {"AWS_SECRET_ACCESS_KEY", "hidden"}},
                "the access key of the environment has characters"},
        KeyCase{"File", {{"AWS_SHARED_CREDENTIALS_FILE", "FILE"}}, "FILEID file/secret== "},
        KeyCase{"FileAtHome", {{"HOME", "HOME"}}, "FILEID file/secret== "},
        KeyCase{"Profile", {{"HOME", "HOME"}, {"AWS_PROFILE", "ci"}}, "CIID cisecret citoken"},
        KeyCase{"NoSuchProfile", {{"HOME", "HOME"}, {"AWS_PROFILE", "no"}}, "credentials: has no section [no]"},
        KeyCase{"HalfAProfile", {{"HOME", "HOME"}, {"AWS_PROFILE", "half"}}, "has no aws_secret_access_key"},
        KeyCase{"BrokenProfile", {{"HOME", "HOME"}, {"AWS_PROFILE", "broken"}}, "credentials has characters"},
        KeyCase{"NoSuchFile",
                {{"AWS_SHARED_CREDENTIALS_FILE", "/nowhere/keys"}},
                "AWS_SHARED_CREDENTIALS_FILE: /nowhere/keys: No such file"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace coreflow::store
