#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pkg/base/loop.h"
#include "pkg/http/transport.h"

namespace coreflow::kube {

// What a ScriptedTransport does with a request.
struct Reply {
  int status = 200;
  std::string body = "{}";
  std::map<std::string, std::string> headers = {};
  std::optional<Error> failure = {};  // instead of an answer
  Duration after{0};
  bool never = false;  // until the deadline or a cancel
};

// A metav1.Status as a reply.
Reply StatusReply(int status, const std::string& reason, const std::string& message = "words");
Reply Unanswered();

// A Transport for tests: answers come from a script and arrive on the loop that the test drives, which stands in for
// the transport's threads. Deadlines, idle times and cancels are kept. A request that the script does not know fails
// the test.
class ScriptedTransport : public http::Transport {
 public:
  explicit ScriptedTransport(Loop& loop) : loop_(loop) {}

  // Replies to the next request whose "METHOD target" contains `words`. Entries are used up in the order given.
  void Once(std::string words, Reply reply) { once_.push_back({std::move(words), std::move(reply)}); }
  // Replies to every such request that no Once() takes.
  void Always(std::string words, Reply reply) { always_.push_back({std::move(words), std::move(reply)}); }

  // "METHOD target" of every request so far, streams among them; Take gives them once.
  std::vector<std::string> TakeSeen() { return std::exchange(seen_, {}); }
  const std::vector<http::Request>& requests() const { return requests_; }

  // The stream that was opened last. Its reply's body is sent at once.
  void Write(const std::string& bytes);
  void EndStream();
  void CutStream();
  bool streaming() const;

  // Sent, and not answered or cancelled yet.
  int open() const;

  std::shared_ptr<http::Cancel> Send(http::Request request, Duration deadline, Completion done) override;
  std::shared_ptr<http::Cancel> Stream(http::Request request, Duration idle, std::shared_ptr<http::Sink> sink,
                                       StreamEnd end) override;

 private:
  struct Line {
    std::string words;
    Reply reply;
  };
  class Exchange;
  class Streaming;

  Reply ReplyTo(const http::Request& request);

  Loop& loop_;
  std::deque<Line> once_;
  std::vector<Line> always_;
  std::vector<std::string> seen_;
  std::vector<http::Request> requests_;
  std::vector<std::weak_ptr<Exchange>> exchanges_;
  std::shared_ptr<Streaming> stream_;
};

}  // namespace coreflow::kube
