#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "pkg/base/result.h"
#include "pkg/http/blocking_connection.h"

namespace coreflow::http {

// What stands before a message's body.
struct MessageHead {
  std::string method = {};                                       // of a request: "PUT"
  std::string target = {};                                       // of a request: the path with its query
  int status = 0;                                                // of a response
  std::map<std::string, std::string, std::less<>> headers = {};  // names in lower case; of equal ones the last
  std::optional<uint64_t> length = {};                           // of the body; nullopt: not known yet, or none
  bool chunked = false;
};

// Reads one message of HTTP/1.1 from a connection, its body as it comes. Holds at most 256 KiB of it. For one thread;
// the connection outlives it. After an error there is nothing more to be had.
class MessageReader {
 public:
  enum class Kind { kRequest, kResponse };
  MessageReader(BlockingConnection& connection, Kind kind);
  ~MessageReader();

  // kInvalid when it is no HTTP/1.1, or longer than 16 KiB; kUnavailable when it does not come.
  Result<MessageHead> ReadHead();
  // The body's next bytes: fills a part of the buffer; 0 is its end, and then it was whole. kUnavailable when it is cut
  // off. REQUIRES: ReadHead() gave one; the buffer has room.
  Result<size_t> ReadBody(std::span<char> buffer);
  // Whether the message has been read to its end.
  bool done() const;

 private:
  class Parser;
  template <bool kIsRequest>
  class ParserOf;

  std::unique_ptr<Parser> parser_;
};

}  // namespace coreflow::http
