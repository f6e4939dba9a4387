#include "arguments/declare.hpp"

namespace command {

void declare_cluster(CLI::App& app, command_arguments& chosen) {
  auto* cluster = app.add_subcommand("cluster", "Describe the cluster");
  cluster->require_subcommand(1);
  add_command<describe_cluster>(*cluster, "describe", "Show the cluster's id and its brokers",
                                "Example:\n  ottla cluster describe", chosen);
}

void declare_config(CLI::App& app, command_arguments& chosen) {
  auto* config = app.add_subcommand("config", "Check settings");
  config->require_subcommand(1);
  const auto [check, filled] = add_command<check_config>(
    *config, "check", "Check a settings file and the environment, and print the settings",
    "Prints each fault with its file and line. If there is no fault, prints the settings without "
    "their secrets. Contacts no broker.\n\nExample:\n  ottla config check ottla.toml",
    chosen);
  add_text(*check, "FILE", filled->file, "The file, by default the file of the other commands");
}

void declare_completion(CLI::App& app, command_arguments& chosen) {
  auto* completion = app.add_subcommand("completion", "Print a script that completes arguments");
  completion->require_subcommand(1);
  add_command<print_completion>(*completion, "bash", "Print the script for bash",
                                "Example, for ~/.bashrc:\n  source <(ottla completion bash)",
                                chosen);
}

} // namespace command
