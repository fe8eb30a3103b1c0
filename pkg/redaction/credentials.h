#pragma once

#include <string>
#include <string_view>

namespace coreflow::redaction {

// What stands in a text where something was taken out of it.
inline constexpr char kMasked[] = "[masked]";

// The text with what looks like a credential replaced by kMasked: values behind names such as password, token or
// authorization, Bearer and Basic credentials, what stands before the @ of a URL, private keys, tokens with a known
// beginning (GitHub, GitLab, Slack, AWS, JWT), and any word of at least 32 characters that has upper case, lower case
// and digits in it. UIDs and digests are in lower case, and stay. A guess: it may take too much, and what looks like
// plain words it can't know. Linear in the length of the text, which may come from anybody. Thread-safe.
std::string MaskCredentials(std::string_view text);

}  // namespace coreflow::redaction
