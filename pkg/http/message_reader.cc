#include "pkg/http/message_reader.h"

// Asio 1.74 uses std::exchange without including it.
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <limits>
#include <utility>

#include "pkg/http/headers.h"

namespace coreflow::http {

namespace {

namespace beast = boost::beast;
using boost::system::error_code;

constexpr size_t kReadAtOnce = size_t{256} << 10;
constexpr uint32_t kMostHead = 16 << 10;

Error NoHttp(const error_code& error) {
  return {.code = Code::kInvalid, .message = "the other side does not speak HTTP/1.1: " + error.message()};
}

}  // namespace

class MessageReader::Parser {
 public:
  virtual ~Parser() = default;
  virtual Result<MessageHead> ReadHead() = 0;
  virtual Result<size_t> ReadBody(std::span<char> buffer) = 0;
  virtual bool done() const = 0;
};

template <bool kIsRequest>
class MessageReader::ParserOf final : public Parser {
 public:
  explicit ParserOf(BlockingConnection& connection) : connection_(connection) {
    parser_.header_limit(kMostHead);
    parser_.body_limit(std::numeric_limits<uint64_t>::max());  // none at all means 0 to Beast 1.74
  }

  Result<MessageHead> ReadHead() override {
    while (!parser_.is_header_done()) TRY_VOID(Step());
    parser_.eager(true);
    const auto& message = parser_.get();
    MessageHead head{.chunked = parser_.chunked()};
    if (auto length = parser_.content_length()) head.length = *length;
    if constexpr (kIsRequest) {
      head.method = std::string(message.method_string());
      head.target = std::string(message.target());
    } else {
      head.status = static_cast<int>(message.result_int());
    }
    for (const auto& field : message) {
      head.headers[LowerCase({field.name_string().data(), field.name_string().size()})] = std::string(field.value());
    }
    return head;
  }

  Result<size_t> ReadBody(std::span<char> buffer) override {
    auto& body = parser_.get().body();
    body.data = buffer.data();
    body.size = buffer.size();
    body.more = true;
    while (body.size == buffer.size() && !parser_.is_done()) TRY_VOID(Step());
    return buffer.size() - body.size;
  }

  bool done() const override { return parser_.is_done(); }

 private:
  // Parses what is there, or waits for more.
  Result<void> Step() {
    error_code error;
    if (buffer_.size() > 0) {
      buffer_.consume(parser_.put(buffer_.data(), error));
      if (!error || error == beast::http::error::need_buffer) return {};
      if (error != beast::http::error::need_more) return NoHttp(error);
    }
    const auto room = buffer_.prepare(kReadAtOnce);
    TRY(const size_t count, connection_.Read({static_cast<char*>(room.data()), room.size()}));
    buffer_.commit(count);
    if (count > 0) return {};
    if (parser_.got_some()) parser_.put_eof(error);
    if (parser_.is_done()) return {};
    return Error{.code = Code::kUnavailable, .message = "the other side closed the connection too early"};
  }

  BlockingConnection& connection_;
  beast::flat_buffer buffer_;
  beast::http::parser<kIsRequest, beast::http::buffer_body> parser_;
};

MessageReader::MessageReader(BlockingConnection& connection, Kind kind) {
  if (kind == Kind::kRequest) {
    parser_ = std::make_unique<ParserOf<true>>(connection);
  } else {
    parser_ = std::make_unique<ParserOf<false>>(connection);
  }
}

MessageReader::~MessageReader() = default;

Result<MessageHead> MessageReader::ReadHead() { return parser_->ReadHead(); }
Result<size_t> MessageReader::ReadBody(std::span<char> buffer) { return parser_->ReadBody(buffer); }
bool MessageReader::done() const { return parser_->done(); }

}  // namespace coreflow::http
