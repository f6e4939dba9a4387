#include "arguments/declare.hpp"

#include <array>

namespace command {

void declare_search(CLI::App& app, command_arguments& chosen) {
  const auto [search, filled] = add_command<search_records>(
    app, "search", "Print the records of a topic whose key or value matches",
    "A record must meet all conditions. Bytes are compared as they are. The exit status is 4 if no "
    "record matches.\n\nExamples:\n  ottla search orders --key Ada\n  ottla search orders "
    "--value-contains refund --from 2026-01-31 --max-messages 1",
    chosen);
  add_text(*search, "TOPIC", filled->topic, "The topic")->required();
  std::array<CLI::Option*, 4> conditions{};
  std::size_t at = 0;
  for (const auto& [name, into, description] :
       {std::tuple{"--key", &search_records::key_is, "The key is TEXT"},
        {"--key-contains", &search_records::key_contains, "The key contains TEXT"},
        {"--value", &search_records::value_is, "The value is TEXT"},
        {"--value-contains", &search_records::value_contains, "The value contains TEXT"}}) {
    conditions[at] = add_literal(
      *search, name,
      [to = filled, into = into](std::string text) { (*to).*into = std::move(text); }, description);
    conditions[at++]->type_name("TEXT");
  }
  add_partitions_option(*search, filled->partitions);
  add_from(*search, filled->from);
  add_until(*search, filled->until);
  add_record_output(*search, filled->show);
  add_read_uncommitted(*search, filled->read_uncommitted);
  search->callback([&chosen, conditions, into = filled] {
    if (std::ranges::all_of(conditions, [](const auto* each) { return each->count() == 0; }))
      throw CLI::ValidationError("search",
                                 "needs --key, --key-contains, --value or --value-contains");
    chosen = *into;
  });
}

} // namespace command
