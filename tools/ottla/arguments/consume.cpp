#include "arguments/declare.hpp"

namespace command {

namespace {

/// Throws for combinations of options that contradict one another.
void check(const consume_records& what, bool has_until) {
  const auto reject
    = [](const char* option, const char* why) { throw CLI::ValidationError(option, why); };
  if (what.follow && has_until)
    reject("--follow", "must not be set together with --until");
  if (what.group.empty()) {
    if (what.until_end)
      reject("--until-end",
             "needs --group: without a group, the command always ends at the end of the topic");
    if (what.idle && !what.follow)
      reject("--idle", "needs --follow or --group");
    return;
  }
  if (what.follow)
    reject("--follow", "must not be set together with --group: a group follows the topic");
  if (has_until)
    reject("--until", "must not be set together with --group: use --until-end");
  if (!what.partitions.empty())
    reject("--partition", "must not be set together with --group: the group assigns partitions");
  if (what.from && std::holds_alternative<before_end>(*what.from))
    reject("--from", "must not be a number before the end, such as -5, together with --group");
}

} // namespace

void declare_consume(CLI::App& app, command_arguments& chosen) {
  const auto [consume, filled] = add_command<consume_records>(
    app, "consume", "Print the records of a topic, with or without a consumer group",
    "Without --group, the command prints the records from --from to the end of the topic, and "
    "commits nothing. With --group, the command is a member of the group: it begins at the group's "
    "offsets, or at --from where there are none, commits what it has printed, and ends when it "
    "is interrupted or reaches a limit.\n\nExamples:\n  ottla consume orders\n  ottla consume "
    "orders --from -10 --follow --with key,timestamp\n  ottla consume orders --group billing "
    "--until-end --output json",
    chosen);
  add_text(*consume, "TOPIC", filled->topic, "The topic")->required();
  add_text(*consume, "-g,--group", filled->group, "Consume as a member of this group")
    ->type_name("GROUP");
  add_partitions_option(*consume, filled->partitions);
  add_from(*consume, filled->from);
  add_until(*consume, filled->until);
  consume->add_flag("-f,--follow", filled->follow, "At the end of the topic, wait for new records");
  consume->add_flag("--until-end", filled->until_end,
                    "With --group: end when the partitions of this member are consumed");
  add_parsed(
    *consume, "--idle", filled->idle, [](const std::string& text) { return parse_duration(text); },
    duration_forms, "With --group or --follow: end after this time without a record, such as 10s")
    ->type_name("TIME");
  add_record_output(*consume, filled->show);
  add_read_uncommitted(*consume, filled->read_uncommitted);
  auto* until = consume->get_option("--until");
  consume->callback([&chosen, until, into = filled] {
    check(*into, until->count() != 0);
    chosen = *into;
  });
}

} // namespace command
