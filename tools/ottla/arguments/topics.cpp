#include "arguments/declare.hpp"

namespace command {

namespace {

void declare_describing(CLI::App& topics, command_arguments& chosen) {
  add_command<list_topics>(topics, "list", "List the topics and their numbers of partitions",
                           "Example:\n  ottla topics list --output json", chosen);

  const auto [describe, described] = add_command<describe_topics>(
    topics, "describe", "Show partitions, replicas and configs of topics",
    "Example:\n  ottla topics describe orders", chosen);
  add_texts(*describe, "TOPIC", described->topics, "The topics")->required();
  describe->add_flag("--all-configs", described->all_configs,
                     "Also show configs that have their default values");

  const auto [exists, found] = add_command<find_topic>(
    topics, "exists", "Print whether a topic exists; exit status 4 if it does not",
    "Example:\n  ottla topics exists orders || ottla topics create orders", chosen);
  add_text(*exists, "TOPIC", found->topic, "The topic")->required();
}

void declare_creating(CLI::App& topics, command_arguments& chosen) {
  const auto [create, created] = add_command<create_topics>(
    topics, "create", "Create topics",
    "Example:\n  ottla topics create orders --partitions 12 --replicas 3 --config "
    "cleanup.policy=compact",
    chosen);
  add_texts(*create, "TOPIC", created->topics, "The topics")->required();
  add_number(*create, "--partitions", created->partitions, -1, INT32_MAX,
             "Number of partitions; -1 for the broker's default")
    ->default_str("1");
  add_number(*create, "--replicas", created->replicas, std::int16_t{-1}, std::int16_t{INT16_MAX},
             "Number of replicas of each partition; -1 for the broker's default")
    ->default_str("1");
  add_repeated(
    *create, "--config",
    [into = created](const std::string& text) {
      const auto pair = parse_pair(text);
      if (!pair)
        throw CLI::ValidationError("--config", "must be KEY=VALUE");
      into->configs[pair->first] = pair->second;
    },
    "A config of the topics; can be given several times")
    ->type_name("KEY=VALUE");
  create->add_flag("--if-missing", created->if_missing, "Accept topics that exist already");

  const auto [add, added] = add_command<add_partitions>(
    topics, "add-partitions", "Add partitions to a topic",
    "Kafka never removes partitions. Records with the same keys may go to other partitions "
    "afterwards.\n\nExample:\n  ottla topics add-partitions orders 24",
    chosen);
  add_text(*add, "TOPIC", added->topic, "The topic")->required();
  add_number(*add, "PARTITIONS", added->partitions, 1, INT32_MAX,
             "The total number of partitions after the change")
    ->required();
}

void declare_altering(CLI::App& topics, command_arguments& chosen) {
  const auto [alter, altered] = add_command<alter_topic_config>(
    topics, "alter-config", "Change configs of a topic, and keep all other configs",
    "Example:\n  ottla topics alter-config orders --set retention.ms=86400000 --unset "
    "cleanup.policy",
    chosen);
  add_text(*alter, "TOPIC", altered->topic, "The topic")->required();
  auto* set = add_repeated(
                *alter, "--set",
                [into = altered](const std::string& text) {
                  auto pair = parse_pair(text);
                  if (!pair)
                    throw CLI::ValidationError("--set", "must be KEY=VALUE");
                  into->changes.push_back({pair->first, pair->second});
                },
                "Set a config; can be given several times")
                ->type_name("KEY=VALUE");
  auto* unset = add_repeated(
                  *alter, "--unset",
                  [into = altered](const std::string& name) {
                    if (name.empty())
                      throw CLI::ValidationError("--unset", "must not be empty");
                    into->changes.push_back({name, std::nullopt});
                  },
                  "Return a config to its default; can be given several times")
                  ->type_name("KEY");
  alter->callback([&chosen, set, unset, filled = altered] {
    if (set->count() == 0 && unset->count() == 0)
      throw CLI::ValidationError("alter-config", "needs --set or --unset");
    chosen = *filled;
  });
}

void declare_deleting(CLI::App& topics, command_arguments& chosen) {
  const auto [remove, removed]
    = add_command<delete_topics>(topics, "delete", "Delete topics and their records",
                                 "Example:\n  ottla topics delete orders --yes", chosen);
  add_texts(*remove, "TOPIC", removed->topics, "The topics")->required();
  add_confirmation(*remove, removed->confirmed);

  const auto [records, cut] = add_command<delete_topic_records>(
    topics, "delete-records", "Delete the oldest records of a topic",
    "Examples:\n  ottla topics delete-records orders --partition 0 --before 1200 --yes\n  ottla "
    "topics delete-records orders --before latest --yes",
    chosen);
  add_text(*records, "TOPIC", cut->topic, "The topic")->required();
  add_partitions_option(*records, cut->partitions);
  records
    ->add_option_function<std::string>(
      "--before",
      [into = cut](const std::string& given) {
        const auto text = literal(given);
        into->before = text == "latest" ? std::nullopt : parse_number(text);
        if (text != "latest" && (!into->before || *into->before < 0))
          throw CLI::ValidationError("--before", "must be latest or an offset such as 1200");
      },
      "Delete the records before this offset; latest for all records")
    ->type_name("OFFSET")
    ->required();
  add_confirmation(*records, cut->confirmed);
}

} // namespace

void declare_topics(CLI::App& app, command_arguments& chosen) {
  auto* topics = app.add_subcommand("topics", "List, describe, create, change and delete topics");
  topics->require_subcommand(1);
  topics->footer("Example:\n  ottla topics create orders --partitions 12");
  declare_describing(*topics, chosen);
  declare_creating(*topics, chosen);
  declare_altering(*topics, chosen);
  declare_deleting(*topics, chosen);
}

} // namespace command
