#include "arguments/declare.hpp"

namespace command {

void declare_fetch(CLI::App& app, command_arguments& chosen) {
  const auto [fetch, filled] = add_command<fetch_records>(
    app, "fetch", "Print records of one partition",
    "Fails if --from is beyond the end of the partition.\n\nExample:\n  ottla fetch orders "
    "--partition 3 --from 1200 --max-messages 1 --output json",
    chosen);
  add_text(*fetch, "TOPIC", filled->topic, "The topic")->required();
  add_number(*fetch, "-p,--partition", filled->partition, 0, INT32_MAX, "The partition")
    ->default_str("0");
  add_from(*fetch, filled->from);
  add_record_output(*fetch, filled->show);
  add_read_uncommitted(*fetch, filled->read_uncommitted);
}

} // namespace command
