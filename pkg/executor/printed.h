#pragma once

#include <poll.h>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/executor/log_file.h"
#include "pkg/files/descriptor.h"

namespace coreflow::executor {

// What a command prints, on its way through us: into the kept log, stdout and stderr in the order in which they are
// read, and on to our own stdout and stderr. Who reads those slowly holds the command up, as without us; who has gone
// does not, and the log gets on without. For one thread, with SIGPIPE and SIGXFSZ blocked.
class Printed {
 public:
  // kUnavailable when there is nothing to make pipes of.
  static Result<Printed> Into(LogFile file);

  // The ends that the command gets as its stdout and stderr. CommandHasThem() closes ours, so that we hear of the end.
  int out() const { return streams_[0].theirs.get(); }
  int err() const { return streams_[1].theirs.get(); }
  void CommandHasThem();

  // What to poll for, and what to do then.
  using Polled = std::array<pollfd, 2>;
  Polled Wanted() const;
  void Move(std::span<const pollfd> polled);

  // When the command has ended: takes all that it has written. A child of it that still has the pipes open is heard
  // for no longer than kGrace, and a reader of ours that stands still is waited for no longer than kStandstill. The
  // pipes stay open, so that such a child is not killed by what it prints then.
  void Drain();

  // Into the log alone: what we say of the command.
  void Add(std::string_view text) { file_.Add(text); }
  // Ends the log, see LogFile.
  Result<void> Finish() { return file_.Finish(); }

  static constexpr int kGrace = 500;          // milliseconds
  static constexpr int kStandstill = 10'000;  // likewise

 private:
  struct Stream {
    files::Descriptor theirs = {};
    files::Descriptor ours = {};  // none: it has ended
    int to = -1;                  // -1: its reader has gone
    std::vector<char> buffer = {};
    size_t begin = 0;  // of what is yet to go on
    size_t end = 0;
    size_t owed = 0;  // bytes that were in the pipe at the command's end

    bool Pending() const { return begin < end; }
    pollfd Wanted() const;
    void Read(LogFile& file);
    void Pass();
  };

  explicit Printed(LogFile file) : file_(std::move(file)) {}

  LogFile file_;
  std::array<Stream, 2> streams_ = {};
};

}  // namespace coreflow::executor
