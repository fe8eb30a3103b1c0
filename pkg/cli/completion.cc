#include <fmt/format.h>

#include "pkg/base/closest.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/exit_code.h"

namespace coreflow::cli {

namespace {

constexpr std::string_view kBash = R"sh(# bash completion for coreflow
_coreflow() {
  local words line
  words=("${COMP_WORDS[@]:1:COMP_CWORD}")
  local current="${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  local files=0
  while IFS= read -r line; do
    case "$line" in
      :0) files=1 ;;
      :*) ;;
      *) COMPREPLY+=("${line%%$'\t'*}") ;;
    esac
  done < <(coreflow __complete "${words[@]}" 2>/dev/null)
  if [ "$files" = 1 ]; then
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
  fi
}
complete -o filenames -F _coreflow coreflow
)sh";

constexpr std::string_view kZsh = R"sh(#compdef coreflow
_coreflow() {
  local -a candidates
  local line files=0
  while IFS= read -r line; do
    case "$line" in
      :0) files=1 ;;
      :*) ;;
      *) candidates+=("${${line//:/\\:}/$'\t'/:}") ;;
    esac
  done < <(coreflow __complete "${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe 'coreflow' candidates
  [ "$files" = 1 ] && _files
}
compdef _coreflow coreflow
)sh";

constexpr std::string_view kFish = R"sh(# fish completion for coreflow
function __coreflow_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in (coreflow __complete $words[2..-1] 2>/dev/null)
    switch $line
      case ':0'
        __fish_complete_path (commandline -ct)
      case ':*'
      case '*'
        echo $line
    end
  end
end
complete -c coreflow -f -a '(__coreflow_complete)'
)sh";

Result<int> Completion(Environment& environment, const Arguments& arguments) {
  const std::string shell = arguments.Word(0);
  if (shell == "bash" || shell == "zsh" || shell == "fish") {
    environment.out(shell == "bash" ? kBash : shell == "zsh" ? kZsh : kFish);
    return kDone;
  }
  environment.err(fmt::format("{}: there is a completion for bash, zsh and fish, not for {}{}\n", environment.program,
                              shell, DidYouMean(shell, {"bash", "zsh", "fish"})));
  return kWrongUse;
}

}  // namespace

Command CompletionCommand() {
  return {.name = "completion",
          .takes = "SHELL",
          .least = 1,
          .most = 1,
          .summary = "Prints what makes a shell complete commands, flags and names of runs.",
          .details =
              "For bash, zsh and fish. For kubectl: an executable kubectl_complete-coreflow on the PATH that runs\n"
              "'coreflow __complete \"$@\"'.",
          .example =
              "source <(coreflow completion bash)\n"
              "coreflow completion fish > ~/.config/fish/completions/coreflow.fish",
          .run = Completion};
}

}  // namespace coreflow::cli
