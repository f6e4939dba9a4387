#include "arguments/declare.hpp"

namespace command {

void declare_produce(CLI::App& app, command_arguments& chosen) {
  const auto [produce, filled] = add_command<produce_records>(
    app, "produce", "Produce the lines of stdin to a topic",
    "Each line of stdin is a record. With --format json, each line is a JSON object, as `ottla "
    "consume --output json` writes it: key, value, headers, timestamp and partition, all "
    "optional.\nThe command ends at the first failure. Its exit status is 0 only if all records "
    "are stored.\n\nExamples:\n  echo 'a book' | ottla produce orders --key Ada\n  ottla produce "
    "orders --key-separator : < orders.txt\n  ottla consume orders --output json | ottla produce "
    "copies --format json",
    chosen);
  add_text(*produce, "TOPIC", filled->topic, "The topic")->required();
  produce
    ->add_option_function<std::string>(
      "--format",
      [into = filled](const std::string& name) {
        into->format = name == "json" ? input_format::json : input_format::lines;
      },
      "What a line is")
    ->type_name("FORMAT")
    ->default_str("lines")
    ->check(CLI::IsMember({"lines", "json"}));
  auto* separator = add_text(*produce, "--key-separator", filled->key_separator,
                             "Separates the key from the value in each line");
  separator->type_name("TEXT");
  auto* key = add_literal(
    *produce, "--key", [into = filled](std::string text) { into->key = std::move(text); },
    "The key of all records");
  key->type_name("TEXT")->excludes(separator);
  add_repeated(
    *produce, "--header",
    [into = filled](const std::string& text) {
      const auto pair = parse_pair(text);
      if (!pair)
        throw CLI::ValidationError("--header", "must be NAME=VALUE");
      into->headers.emplace_back(pair->first, pair->second);
    },
    "A header of all records; can be given several times")
    ->type_name("NAME=VALUE");
  add_number(*produce, "-p,--partition", filled->partition, 0, INT32_MAX,
             "The partition of all records. By default, keys choose the partitions");
  produce->callback([&chosen, key, separator, into = filled] {
    if (into->format == input_format::json && (key->count() != 0 || separator->count() != 0))
      throw CLI::ValidationError("--format json", "must not be set together with --key or "
                                                  "--key-separator");
    chosen = *into;
  });
}

} // namespace command
