#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "pkg/cli/command_line.h"
#include "pkg/cli/commands.h"

namespace coreflow::cli {
namespace {

// The text as Markdown shows it; what stands in backticks stays.
std::string Prose(std::string_view text) {
  std::string prose;
  bool code = false;
  for (char c : text) {
    if (c == '`') code = !code;
    if (c == '|' || (!code && std::string_view("*_<\\").find(c) != std::string_view::npos)) prose += '\\';
    prose += c == '\n' ? ' ' : c;
  }
  return prose;
}

std::string Spelling(const Flag& flag) {
  std::string spelling =
      flag.letter != 0 ? fmt::format("-{}, --{}", flag.letter, flag.name) : fmt::format("--{}", flag.name);
  if (flag.kind != FlagKind::kSwitch) spelling += fmt::format("={}", flag.placeholder);
  return spelling;
}

std::string FlagTable(const std::vector<Flag>& flags) {
  std::string text = "| flag | |\n|---|---|\n";
  for (const Flag& flag : flags) {
    std::string choices;
    for (std::string_view choice : flag.choices)
      choices += fmt::format("{}`{}`", choices.empty() ? ": " : ", ", choice);
    text += fmt::format("| `{}` | {}{} |\n", Spelling(flag), Prose(flag.help), choices);
  }
  return text;
}

std::string Indented(std::string_view lines) {
  std::istringstream stream{std::string(lines)};
  std::string text;
  for (std::string line; std::getline(stream, line);) text += "    " + line + "\n";
  return text;
}

constexpr char kFolder[] = "docs/commands";  // ctest runs in the root of the sources

std::string Page(const Command& command) {
  std::string text = fmt::format("# coreflow {}\n\n{}\n\n    coreflow {}{}{} [flags]\n", command.name,
                                 Prose(command.summary), command.name, command.takes.empty() ? "" : " ", command.takes);
  if (!command.details.empty()) text += fmt::format("\n{}\n", Prose(command.details));
  if (!command.flags.empty()) text += "\n" + FlagTable(command.flags);
  return text + "\nand the [flags of every command](README.md#flags-of-every-command).\n\nExample:\n\n" +
         Indented(command.example);
}

std::string Index() {
  std::string text =
      "# Commands\n\nWhat `coreflow COMMAND --help` says, a page for each command; [command line](../command-line.md) tells "
      "how they work\ntogether. These pages are made from `pkg/cli` by `make generate`.\n\n| command | |\n|---|---|\n";
  for (const Command& command : Commands()) {
    text += fmt::format("| [{0}]({0}.md) | {1} |\n", command.name, Prose(command.summary));
  }
  return text + "\n## Flags of every command\n\n" + FlagTable(GlobalFlags());
}

// By file.
std::map<std::string, std::string> Pages() {
  std::map<std::string, std::string> pages = {{"README.md", Index()}};
  for (const Command& command : Commands()) pages[fmt::format("{}.md", command.name)] = Page(command);
  return pages;
}

std::map<std::string, std::string> PagesInDocs() {
  std::map<std::string, std::string> pages;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    pages[entry.path().filename()] = text.str();
  }
  return pages;
}

// COREFLOW_UPDATE=1 writes the pages instead of comparing them; `make generate` runs that.
TEST(CommandsPage, ThePagesInDocsAreUpToDate) {
  if (std::getenv("COREFLOW_UPDATE") != nullptr) {
    std::filesystem::remove_all(kFolder);
    std::filesystem::create_directories(kFolder);
    for (const auto& [file, text] : Pages()) std::ofstream(fmt::format("{}/{}", kFolder, file)) << text;
    return;
  }
  EXPECT_EQ(PagesInDocs(), Pages()) << "run `make generate`";
}

TEST(CommandsPage, EveryCommandSaysInSentencesWhatItDoesAndShowsACallOfItself) {
  for (const Command& command : Commands()) {
    EXPECT_TRUE(command.summary.ends_with('.')) << command.name;
    EXPECT_TRUE(command.details.empty() || command.details.ends_with('.')) << command.name;
    EXPECT_NE(command.example.find(fmt::format("coreflow {}", command.name)), std::string_view::npos) << command.name;
    for (const Flag& flag : command.flags) EXPECT_FALSE(flag.help.empty()) << command.name << " --" << flag.name;
  }
}

}  // namespace
}  // namespace coreflow::cli
