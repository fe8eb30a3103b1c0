#include <elf.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "operator/exec/run_program.h"
#include "pkg/artifact/executor_message.h"
#include "pkg/base/test_folder.h"
#include "pkg/executor/test_courier.h"

namespace coreflow::executor {
namespace {

std::string Bytes() {
  std::ifstream file(kProgram, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

TEST(StaticProgram, NeedsNoLibraryAndNoLoader) {
  const std::string bytes = Bytes();
  Elf64_Ehdr header;
  ASSERT_GT(bytes.size(), sizeof header);
  std::memcpy(&header, bytes.data(), sizeof header);
  for (size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr part;
    std::memcpy(&part, bytes.data() + header.e_phoff + i * sizeof part, sizeof part);
    EXPECT_NE(part.p_type, static_cast<Elf64_Word>(PT_INTERP));
  }
}

TEST(StaticProgram, IsSmall) { EXPECT_LE(Bytes().size(), 1'500'000u); }

// Nothing is there but the program, which is also the command and the artifact, the courier's socket, and the file that
// the kubelet would have mounted; and nothing else may be written.
TEST(StaticProgram, RunsInAnEmptyRootAsAnyUser) {
  const TestFolder root;
  std::filesystem::copy_file(kProgram, root / "coreflow-exec");
  root.Write("message", "");
  TestCourier courier(root / "socket");
  for (const char* name : {"message", "socket"}) ASSERT_EQ(chmod((root / name).c_str(), 0666), 0);
  ASSERT_EQ(chmod(root.path().c_str(), 0555), 0);
  const ProgramEnd end = RunProgram("/coreflow-exec",
                                    {"--socket", "/socket", "--message", "/message", "--outputs", "/outputs",
                                     "--artifact", "self=Tar:/coreflow-exec", "--", "/coreflow-exec"},
                                    [&] {
                                      const bool is_root = geteuid() == 0;
                                      if (chroot(root.path().c_str()) != 0 || chdir("/") != 0) _exit(98);
                                      if (is_root && (setgroups(0, nullptr) != 0 || setgid(12345) != 0)) _exit(97);
                                      if (is_root && setuid(12345) != 0) _exit(97);
                                    });
  EXPECT_EQ(end.code, 125) << "which is that of a call without words";
  EXPECT_EQ(end.complaint, "coreflow-exec: there is no command behind --\n");
  const auto message = artifact::ReadExecutorMessage(root.Read("message"));
  ASSERT_TRUE(message) << root.Read("message");
  EXPECT_EQ(message->problem, "");
  EXPECT_GT(message->artifacts.at("self").bytes, static_cast<int64_t>(Bytes().size()));
}

}  // namespace
}  // namespace coreflow::executor
