#include "arguments/completion_script.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

namespace command {

namespace {

/// The parts of the script that depend on the definition.
struct script_parts {
  /// The lines that find the command among the words: `/topics) path=/topics`.
  std::string paths;
  /// The words that may follow a command.
  std::string words;
  /// The values of options: `--output) …`.
  std::map<std::string, std::string> values;
};

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const auto& each : option.get_snames())
    names.push_back('-' + each);
  for (const auto& each : option.get_lnames())
    names.push_back("--" + each);
  return names;
}

/// `text json` for an option whose type is `FORMAT:{text,json}`. Empty if any value is possible.
std::string fixed_values(const CLI::Option& option) {
  const auto type = option.get_type_name();
  const auto begin = type.find('{');
  const auto end = type.find('}', begin);
  if (begin == std::string::npos || end == std::string::npos)
    return {};
  auto values = type.substr(begin + 1, end - begin - 1);
  std::ranges::replace(values, ',', ' ');
  return values;
}

void describe(const CLI::App& app, const std::string& path, script_parts& into,
              const std::string& inherited) {
  std::string options = inherited;
  for (const auto* option : app.get_options()) {
    for (const auto& name : names_of(*option)) {
      if (name.starts_with("--")
          && (" " + options + " ").find(" " + name + " ") == std::string::npos)
        options += (options.empty() ? "" : " ") + name;
      // A flag has no value.
      if (option->get_items_expected_max() > 0)
        into.values[name] = fixed_values(*option);
    }
  }
  std::string commands;
  for (const auto* each : app.get_subcommands([](const CLI::App*) { return true; })) {
    const auto& name = each->get_name();
    commands += name + ' ';
    into.paths += fmt::format("      {0}/{1}) path={0}/{1} ;;\n", path, name);
    // Only the options of all commands are accepted after a command.
    describe(*each, fmt::format("{}/{}", path, name), into, path.empty() ? options : inherited);
  }
  into.words += fmt::format("    \"{}\") words=\"{}{}\" ;;\n", path, commands, options);
}

} // namespace

std::string completion_script(const CLI::App& app) {
  script_parts parts;
  describe(app, "", parts, "");
  std::string values;
  for (const auto& [name, words] : parts.values)
    values += words.empty() ? fmt::format("    {}) return ;;\n", name)
                            : fmt::format("    {}) words=\"{}\" ;;\n", name, words);
  return fmt::format(R"(# Completion of the command {0} for bash. Printed by `{0} completion bash`.
_{0}() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} before="" path="" words="" index
  COMPREPLY=()
  [ "$COMP_CWORD" -lt 1 ] || before=${{COMP_WORDS[COMP_CWORD - 1]}}
  # bash splits --output=json at the equals sign.
  if [ "$current" = "=" ]; then
    current=""
  elif [ "$before" = "=" ] && [ "$COMP_CWORD" -gt 1 ]; then
    before=${{COMP_WORDS[COMP_CWORD - 2]}}
  fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    case $path/${{COMP_WORDS[index]}} in
{1}    esac
  done
  case $path in
{2}  esac
  case $before in
{3}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
# Without a match, bash completes file names.
complete -o default -F _{0} {0}
)",
                     app.get_name(), parts.paths, parts.words, values);
}

} // namespace command
