#include "arguments/declare.hpp"

namespace command {

namespace kafka = ottla::kafka;

namespace {

/// `orders` for a topic, `orders/3` for a partition. Topics have no slash.
void store_scope(reset_group& into, const std::string& text) {
  if (text.empty())
    throw CLI::ValidationError("--topic", "must not be empty");
  const auto slash = text.find('/');
  if (slash == std::string::npos) {
    into.topics.push_back(text);
    return;
  }
  const auto number = parse_number(std::string_view{text}.substr(slash + 1));
  if (slash == 0 || !number || *number < 0 || *number > INT32_MAX)
    throw CLI::ValidationError("--topic", "must be a topic such as orders, or a partition such as "
                                          "orders/3");
  into.partitions.push_back({text.substr(0, slash), static_cast<std::int32_t>(*number)});
}

std::optional<kafka::reset_point> parse_reset(const std::string& text) {
  const auto start = parse_start(text);
  if (!start || std::holds_alternative<before_end>(*start))
    return std::nullopt;
  return std::visit(
    [](const auto& each) -> std::optional<kafka::reset_point> {
      if constexpr (std::is_same_v<std::decay_t<decltype(each)>, before_end>)
        return std::nullopt;
      else
        return each;
    },
    *start);
}

void declare_reset(CLI::App& groups, command_arguments& chosen) {
  const auto [reset, filled] = add_command<reset_group>(
    groups, "reset", "Move the committed offsets of a group that has no members",
    "Without --yes, the command prints the offsets that it would commit.\n\nExamples:\n  ottla "
    "groups reset billing --to earliest\n  ottla groups reset billing --topic orders --to "
    "2026-01-31T12:00:00Z --yes\n  ottla groups reset billing --topic orders/3 --shift-by -100 "
    "--yes",
    chosen);
  add_text(*reset, "GROUP", filled->group, "The group")->required();
  auto* to = add_parsed(*reset, "--to", filled->to, parse_reset,
                        "earliest, latest, an offset such as 1200, or a time such as "
                        "2026-01-31T12:00:00Z",
                        "The new offsets: earliest, latest, an offset, or a time");
  to->type_name("OFFSET");
  auto* shift = add_parsed(
    *reset, "--shift-by", filled->to,
    [](const std::string& text) -> std::optional<kafka::reset_point> {
      const auto number = parse_number(text);
      return number ? std::optional<kafka::reset_point>{kafka::shift_by{*number}} : std::nullopt;
    },
    "a number such as 100 or -100", "Move each offset by a number, which may be negative");
  shift->type_name("N")->excludes(to);
  add_repeated(
    *reset, "--topic", [into = filled](const std::string& text) { store_scope(*into, text); },
    "Only this topic, or this partition as in orders/3; can be given several times. By default, "
    "all partitions with a committed offset")
    ->type_name("TOPIC[/N]");
  add_confirmation(*reset, filled->confirmed);
  reset->callback([&chosen, to, shift, into = filled] {
    if (to->count() == 0 && shift->count() == 0)
      throw CLI::ValidationError("reset", "needs --to or --shift-by");
    chosen = *into;
  });
}

} // namespace

void declare_groups(CLI::App& app, command_arguments& chosen) {
  auto* groups = app.add_subcommand("groups", "List, describe, reset and delete consumer groups");
  groups->require_subcommand(1);
  groups->footer("Example:\n  ottla groups lag billing");

  add_command<list_groups>(*groups, "list", "List the groups and their states",
                           "Example:\n  ottla groups list --output json", chosen);

  const auto [describe, described] = add_command<describe_groups>(
    *groups, "describe", "Show the states, members and assignments of groups",
    "Example:\n  ottla groups describe billing", chosen);
  add_texts(*describe, "GROUP", described->groups, "The groups")->required();

  const auto [lag, shown]
    = add_command<show_lag>(*groups, "lag", "Show the committed offsets of a group, and its lag",
                            "Example:\n  ottla groups lag billing --output json", chosen);
  add_text(*lag, "GROUP", shown->group, "The group")->required();

  declare_reset(*groups, chosen);

  const auto [remove, removed] = add_command<delete_groups>(
    *groups, "delete", "Delete groups without members, and their committed offsets",
    "Example:\n  ottla groups delete billing --yes", chosen);
  add_texts(*remove, "GROUP", removed->groups, "The groups")->required();
  add_confirmation(*remove, removed->confirmed);
}

} // namespace command
