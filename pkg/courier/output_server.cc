#include "pkg/courier/output_server.h"

#include <algorithm>
#include <sstream>
#include <utility>
#include <vector>

#include "pkg/artifact/artifact.h"
#include "pkg/compression/zstd.h"
#include "pkg/courier/blob_client.h"
#include "pkg/courier/frames.h"
#include "pkg/http/connection_threads.h"
#include "pkg/http/sockets.h"
#include "pkg/json/bind.h"

namespace coreflow::courier {

namespace {

constexpr size_t kMostAtOnce = 16;
// For exec to read the step's files.
constexpr Duration kExecLimit = std::chrono::minutes(10);
constexpr size_t kMostMessage = 1000;

Error Refused(std::string why) { return {.code = Code::kInvalid, .message = std::move(why)}; }

// As one line.
std::string AnswerOf(const Result<store::Blob>& put) {
  if (put) return "OK " + put->digest.hex() + " " + std::to_string(put->size) + "\n";
  const Error& error = put.error();
  const bool again = error.code == Code::kUnavailable || error.code == Code::kTooMany;
  std::string message = error.message.substr(0, kMostMessage);
  std::ranges::replace_if(
      message, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return (again ? "AGAIN " : "ERROR ") + message + "\n";
}

class Server : public OutputServer {
 public:
  Server(BlobClient client, std::vector<artifact::Output> outputs, files::Descriptor listener, Report report)
      : client_(std::move(client)),
        outputs_(std::move(outputs)),
        report_(std::move(report)),
        threads_(std::move(listener), {.most = kMostAtOnce, .limit = kExecLimit},
                 [this](http::BlockingConnection& connection) { Serve(connection); }) {}

 private:
  Result<api::Archive> ArchiveOf(const std::string& line) const {
    std::istringstream words(line);
    std::string put;
    std::string name;
    std::string archive;
    if (!(words >> put >> name >> archive) || put != "PUT") return Refused("the first line is no PUT <name> <archive>");
    const auto output = std::ranges::find(outputs_, name, &artifact::Output::name);
    if (output == outputs_.end()) return Refused("this step has no output artifact of the name " + name);
    if (archive != json::EnumName(output->archive)) {
      return Refused("output artifact " + name + " has the archive " + std::string(json::EnumName(output->archive)) +
                     ", not " + archive);
    }
    return output->archive;
  }

  Result<store::Blob> Take(FrameReader& frames) const {
    TRY(const std::string line, frames.ReadLine());
    TRY(const api::Archive archive, ArchiveOf(line));
    const auto source = [&](std::span<char> buffer) { return frames.Read(buffer); };
    if (archive != api::Archive::kTarZstd) return client_.Put(source);
    compression::ZstdReader zstd(source);
    return client_.Put([&](std::span<char> buffer) { return zstd.Read(buffer); });
  }

  void Serve(http::BlockingConnection& connection) const {
    FrameReader frames(connection);
    const auto put = Take(frames);
    if (!put && put.error().code == Code::kCancelled) return;
    const std::string answer = AnswerOf(put);
    if (!put && report_) report_(answer.substr(0, answer.size() - 1));
    if (!connection.Write(answer)) return;
    connection.EndWriting();
    if (put) return;
    // Exec may still send, and would miss the answer if it could not.
    std::vector<char> buffer(size_t{64} << 10);
    while (true) {
      auto count = connection.Read(buffer);
      if (!count || *count == 0) return;
    }
  }

  const BlobClient client_;
  const std::vector<artifact::Output> outputs_;
  const Report report_;
  http::ConnectionThreads threads_;
};

}  // namespace

Result<std::unique_ptr<OutputServer>> OutputServer::Start(const artifact::CourierJob& job, const std::string& path,
                                                          Report report) {
  TRY(BlobClient client, BlobClient::Make(job));
  TRY(files::Descriptor listener, http::ListenAtPath(path));
  return std::unique_ptr<OutputServer>(
      std::make_unique<Server>(std::move(client), job.outputs, std::move(listener), std::move(report)));
}

}  // namespace coreflow::courier
