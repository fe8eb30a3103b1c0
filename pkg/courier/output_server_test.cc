#include "pkg/courier/output_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "pkg/archive/tar_writer.h"
#include "pkg/base/hash.h"
#include "pkg/compression/zstd.h"
#include "pkg/courier/test_job.h"
#include "pkg/http/blocking_connection.h"

namespace coreflow::courier {
namespace {

using data::SomeBytes;
using data::TestService;
using testing::HasSubstr;
using testing::StartsWith;

// As coreflow-exec has it.
class Exec {
 public:
  explicit Exec(const std::string& path) : connection_(Connect(path), Duration(60'000)) {}

  Exec& Say(const std::string& text) {
    EXPECT_TRUE(connection_.Write(text).has_value());
    return *this;
  }
  Exec& Frame(const std::string& bytes) {
    std::string length;
    for (int shift : {24, 16, 8, 0}) length += static_cast<char>(bytes.size() >> shift & 0xff);
    return Say(length + bytes);
  }
  Exec& End() {
    connection_.EndWriting();
    return *this;
  }
  // The whole answer.
  std::string Answer() {
    std::string answer;
    std::vector<char> buffer(1000);
    while (true) {
      const auto count = connection_.Read(buffer);
      if (!count) return answer + "[" + count.error().message + "]";
      if (*count == 0) return answer;
      answer.append(buffer.data(), *count);
    }
  }
  void Leave() { connection_.Cut(); }

 private:
  static files::Descriptor Connect(const std::string& path) {
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    std::memcpy(address.sun_path, path.data(), path.size());
    files::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    return socket;
  }

  http::BlockingConnection connection_;
};

class OutputServerTest : public testing::Test {
 protected:
  OutputServerTest() {
    artifact::CourierJob job = JobAt(service_);
    job.outputs = {{.name = "model"},
                   {.name = "plain", .archive = api::Archive::kTar},
                   {.name = "packed", .archive = api::Archive::kTarZstd}};
    auto started = OutputServer::Start(job, socket_, [this](const std::string& why) {
      const std::lock_guard lock(mu_);
      reported_.push_back(why);
    });
    EXPECT_TRUE(started.has_value());
    server_ = *std::move(started);
  }

  // In frames of that size.
  std::string Send(const std::string& line, const std::string& bytes, size_t frame = 100'000) const {
    Exec exec(socket_);
    exec.Say(line + "\n");
    for (size_t at = 0; at < bytes.size(); at += frame) exec.Frame(bytes.substr(at, frame));
    return exec.Frame("").End().Answer();
  }
  std::string BlobOf(const std::string& answer) const {
    std::string bytes;
    const auto digest = store::Digest::Parse(answer.substr(3, 64));
    if (!digest) return "no digest: " + answer;
    const auto read =
        store::NewDirectoryStore(service_.folder / "store").value()->ReadBlob(*digest, [&](std::string_view piece) {
          bytes += piece;
          return Result<void>();
        });
    return read ? bytes : Told(read);
  }

  TestService service_;
  TestFolder folder_;
  std::string socket_ = folder_.Write("courier.sock", "stale");
  std::mutex mu_;
  std::vector<std::string> reported_;  // guarded by mu_
  std::unique_ptr<OutputServer> server_;
};

TEST_F(OutputServerTest, StoresAFileAsItIs) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{3'000'000}}) {
    const std::string bytes = SomeBytes(size);
    const std::string answer = Send("PUT model None", bytes, size_t{1} << 20);
    EXPECT_EQ(answer, "OK " + Sha256Hex(bytes) + " " + std::to_string(size) + "\n");
    EXPECT_TRUE(BlobOf(answer) == bytes);
  }
}

TEST_F(OutputServerTest, LetsAnyUserIn) {
  struct stat status {};
  ASSERT_EQ(::stat(socket_.c_str(), &status), 0);
  EXPECT_TRUE(S_ISSOCK(status.st_mode));
  EXPECT_EQ(status.st_mode & 0777, 0777u);
}

TEST_F(OutputServerTest, PacksFoldersAndEqualOnesToEqualBytes) {
  std::string tars[2];
  for (const int i : {0, 1}) {
    const std::string name = "folder" + std::to_string(i);
    // In another order and at another time.
    for (const int file : {i, 1 - i}) folder_.Write(name + "/" + std::to_string(file), std::string(500'000, 'x'));
    archive::TarWriter tar = *archive::TarWriter::Open(folder_ / name);
    std::vector<char> buffer(1'000 + static_cast<size_t>(i) * 100'000);
    while (const size_t count = *tar.Read(buffer)) tars[i].append(buffer.data(), count);
  }
  const std::string plain = Send("PUT plain Tar", tars[0]);
  EXPECT_TRUE(BlobOf(plain) == tars[0]);
  const std::string packed = Send("PUT packed TarZstd", tars[0]);
  EXPECT_EQ(Send("PUT packed TarZstd", tars[1], 777), packed);
  const std::string blob = BlobOf(packed);
  EXPECT_LT(blob.size(), tars[0].size() / 100);
  std::string unpacked;
  compression::ZstdWriter zstd(
      [&](std::string_view piece) {
        unpacked += piece;
        return Result<void>();
      },
      {});
  ASSERT_TRUE(zstd.Add(blob).has_value());
  EXPECT_TRUE(unpacked == tars[0]);
}

TEST_F(OutputServerTest, TakesSeveralAtOnce) {
  std::vector<std::string> answers(8);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < answers.size(); ++i) {
    threads.emplace_back([&, i] { answers[i] = Send("PUT model None", SomeBytes(1'000'000, i)); });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t i = 0; i < answers.size(); ++i) EXPECT_THAT(answers[i], HasSubstr(Sha256Hex(SomeBytes(1'000'000, i))));
}

TEST_F(OutputServerTest, RefusesWhatTheStepDoesNotDeclare) {
  EXPECT_EQ(Send("PUT other None", "x"), "ERROR this step has no output artifact of the name other\n");
  EXPECT_EQ(Send("PUT model Tar", "x"), "ERROR output artifact model has the archive None, not Tar\n");
  EXPECT_EQ(Send("GET model None", "x"), "ERROR the first line is no PUT <name> <archive>\n");
  EXPECT_EQ(Send("", "x"), "ERROR the first line is no PUT <name> <archive>\n");
  EXPECT_EQ(service_.CountFiles(), 0);
}

TEST_F(OutputServerTest, RefusesWhatIsNoFrame) {
  Exec line(socket_);
  EXPECT_EQ(line.Say(std::string(2000, 'x')).End().Answer(), "ERROR the first line is too long\n");
  Exec frame(socket_);
  EXPECT_EQ(frame.Say("PUT model None\n").Say(std::string("\0\x10\0\1", 4)).Say("x").End().Answer(),
            "ERROR a frame is longer than 1 MiB\n");
}

TEST_F(OutputServerTest, AsksForAnotherTryWhileTheServiceIsDown) {
  service_.store.down = true;
  EXPECT_EQ(Send("PUT model None", "x"), "AGAIN the data service answers 503: the store is down\n");
  EXPECT_THAT(Send("PUT model None", SomeBytes(20'000'000)), StartsWith("AGAIN "));
  service_.store.down = false;
  EXPECT_THAT(Send("PUT model None", "x"), StartsWith("OK "));
  service_.service->Stop();
  EXPECT_THAT(Send("PUT model None", "x"), StartsWith("AGAIN can't connect to "));
}

TEST_F(OutputServerTest, GivesUpWhenTheStoreIsFull) {
  service_.store.full = true;
  EXPECT_EQ(Send("PUT model None", "x"), "ERROR the data service answers 507: the store is full\n");
  const std::lock_guard lock(mu_);
  EXPECT_THAT(reported_, testing::ElementsAre("ERROR the data service answers 507: the store is full"));
}

TEST_F(OutputServerTest, StoresNothingWhenExecLeaves) {
  for (const char* line : {"PUT model None\n", "PUT packed TarZstd\n"}) {
    Exec exec(socket_);
    exec.Say(line);
    for (int i = 0; i < 30; ++i) exec.Frame(SomeBytes(100'000, static_cast<uint64_t>(i)));
    exec.Leave();
  }
  server_.reset();
  service_.service->Stop();
  EXPECT_EQ(service_.CountFiles(), 0);
}

TEST_F(OutputServerTest, CutsWhatIsUnderWayWhenItEnds) {
  Exec exec(socket_);
  exec.Say("PUT model None\n").Frame("abc");
  server_.reset();
  EXPECT_THAT(exec.Answer(), testing::Not(HasSubstr("OK")));
}

}  // namespace
}  // namespace coreflow::courier
