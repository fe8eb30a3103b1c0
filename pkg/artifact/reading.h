#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pkg/json/value.h"

// How people read what the store keeps: through the API server's proxy for Services they ask the data service, and show
// a token that the API server made for a service account of the run's namespace.
namespace coreflow::artifact {

// Whose token it has to be, and what for. Of no use at the API server, where other audiences count.
inline constexpr char kReaderAccount[] = "coreflow-reader";
inline constexpr char kReaderAudience[] = "coreflow-data";
// The header that has it: the API server keeps Authorization for itself.
inline constexpr char kReaderHeader[] = "coreflow-token";
// The `reason` of a Status that the data service itself answers a reader with.
inline constexpr char kReaderReason[] = "CoreFlowData";
// The data service, as the API server's proxy names it: of the chart's Service.
inline constexpr char kDataService[] = "https:coreflow-data:8443";
// Where the data service tells its terms, to anybody.
inline constexpr char kTermsPath[] = "/v1/readers";

// What a reader has to show.
enum class ReaderTerms {
  kToken,    // a token as above
  kNothing,  // whoever reaches it may read: a control plane for one user
  kNobody,   // there is no reading: the operator may not ask whose a token is
};

// {"readers": "Token"}
json::Value ToJson(ReaderTerms terms);
// nullopt for anything else.
std::optional<ReaderTerms> ReadTerms(const json::Value& value);

// "/v1/namespaces/NAMESPACE/blobs/DIGEST": where a reader gets a blob of the data service.
std::string ReaderPath(std::string_view name_space, std::string_view digest);

// Where the API server hands a path on to the data service that is in that namespace.
std::string ProxyPath(std::string_view name_space, std::string_view path);

// How the data service tells a reader of a failure: a Status as the API server's own, with kReaderReason.
json::Value ReaderFailure(int status, std::string_view message);

// What the API server calls the account of that namespace.
std::string ReaderName(std::string_view name_space);

}  // namespace coreflow::artifact
