#include <ottla/actors/check_name.hpp>
#include <ottla/kafka/broker_list.hpp>
#include <ottla/kafka/client/blanks.hpp>
#include <ottla/kafka/client/check_settings.hpp>
#include <ottla/kafka/client/client.hpp>
#include <ottla/kafka/client/librdkafka_client.hpp>
#include <ottla/kafka/client/name_limits.hpp>
#include <ottla/kafka/client/oauth_check.hpp>
#include <ottla/kafka/client/producing_check.hpp>
#include <ottla/kafka/client/shared_client.hpp>
#include <ottla/kafka/client/time_limits.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/failure_printer.hpp>
#include <ottla/kafka/group/group_supervisor.hpp>
#include <ottla/kafka/group/health_reporter.hpp>
#include <ottla/kafka/group/topic_name.hpp>
#include <ottla/kafka/names.hpp>
#include <ottla/registry/name_table.hpp>
#include <ottla/registry/registry.hpp>
#include <ottla/supervision/detail/supervisor.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <any>
#include <array>
#include <set>
#include <stdexcept>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// Least time that the client has to flush its records. A stop of the application may allow more.
constexpr auto to_flush = 5s;

/// What a connection keeps across its own restarts.
struct lasting {
  connection settings;
  std::shared_ptr<health_board> health;
  /// Null without a group consumer.
  group_context_ptr group;
};

/// Whether the name is reserved for a process of the connection itself.
bool is_of_a_connection(std::string_view name) {
  constexpr std::array own{
    registry_name,          client_name,        coordinator_name, acknowledger_name,
    worker_supervisor_name, group_manager_name, health_name};
  return std::ranges::find(own, name) != own.end() || name.starts_with("worker/")
         || name.starts_with("producer/");
}

/// A process of the program may have a name below the connection's name. The process keeps its name
/// when the connection is restarted.
void keep_names_of_strangers(const std::shared_ptr<directory>& before, name_table& now) {
  const auto table = std::dynamic_pointer_cast<const name_table>(before);
  if (!table)
    return;
  for (const auto& each : table->select(""))
    if (!is_of_a_connection(each.name))
      now.claim(each.name, each.holder, each.value ? *each.value : std::any{});
}

/// Owner of the connection's names in the directory above.
class connection_supervisor : public supervisor {
public:
  /// Mounts `names` in `above` below the connection's name; `above` null: mounts nothing.
  connection_supervisor(caf::actor_config& config, process_context context, supervisor_spec spec,
                        std::shared_ptr<name_table> names, std::shared_ptr<directory> above)
    : supervisor{config, std::move(context), std::move(spec)},
      names_{std::move(names)},
      above_{std::move(above)} {}

private:
  caf::message_handler further_handlers() override {
    // Before any child starts: the children of a second connection of that name would take the
    // names of the first one's children.
    const auto above = std::exchange(above_, nullptr);
    const auto names = std::exchange(names_, nullptr);
    if (!above)
      return {};
    const auto before = above->mounted(names->name());
    const auto owner = above->mount_for(self(), names->name(), names);
    if (owner && owner != self())
      throw std::runtime_error{
        fmt::format("name \"{}\" is taken by {}", names->name(), describe(owner))};
    keep_names_of_strangers(before, *names);
    return {};
  }

  std::shared_ptr<name_table> names_;
  std::shared_ptr<directory> above_;
};

client_settings common_settings(const connection& of) {
  return {.brokers = of.brokers,
          .client_id = of.client_id,
          .metadata_interval = of.metadata_interval,
          .oauth_tokens = of.oauth_tokens,
          .extra = of.extra};
}

/// The brokers and keys of the handles. All other settings are checked by name.
handle_settings keys_of(const connection& what) {
  handle_settings handles{.common = {.brokers = what.brokers.empty() ? "localhost" : what.brokers,
                                     .oauth_tokens = what.oauth_tokens,
                                     .extra = what.extra}};
  if (!what.producers.empty())
    handles.producing = producer_settings{.extra = what.producing.extra};
  if (what.group_consumer)
    handles.consuming = consumer_settings{.group = "any", .extra = what.group_consumer->extra};
  return handles;
}

/// The settings that the client will get, as far as it can reject them.
handle_settings handles_of(const connection& what) {
  handle_settings handles{.common = common_settings(what)};
  if (!what.producers.empty())
    handles.producing = what.producing;
  if (const auto& group = what.group_consumer)
    handles.consuming = consumer_settings{.group = group->group,
                                          .session_timeout = group->session_timeout,
                                          .heartbeat_interval = group->heartbeat_interval,
                                          .max_poll_interval = group->max_poll_interval,
                                          .strategy = group->strategy,
                                          .instance = group->instance,
                                          .fetch_wait = group->fetch_wait,
                                          .extra = group->extra};
  return handles;
}

/// Whether the program asks for debug lines.
bool prints_log(const connection& what) {
  const auto asks = [](const auto& extra) { return extra.contains("debug"); };
  return asks(what.extra) || asks(what.producing.extra)
         || (what.group_consumer && asks(what.group_consumer->extra));
}

/// Sets healthy_when::told: a branch is healthy once all its processes that report have reported.
child_spec proven(child_spec branch) {
  branch.healthy = healthy_when::told;
  return branch;
}

child_spec client_branch(const connection& settings, const std::shared_ptr<health_board>& health) {
  std::vector<child_spec> producers;
  const auto buffer = std::make_shared<send_buffer>(settings.producing.buffer_bytes);
  for (const auto& one : settings.producers)
    producers.push_back({.id = producer_name(one.topic),
                         .start = start<topic_producer>(one, buffer),
                         .name = producer_name(one.topic)});
  return supervisor_spec{
    .id = "client_branch",
    .strategy = strategy::rest_for_one,
    .restarts = settings.restarts,
    .children = {
      {.id = std::string{client_name},
       .start
       = start<shared_client>(settings.client, settings.producing, settings.observer, health),
       .shutdown = shutdown_policy::at_least(to_flush),
       .name = std::string{client_name},
       .healthy = healthy_when::told},
      supervisor_spec{
        .id = "producers", .restarts = settings.restarts, .children = std::move(producers)},
    }};
}

caf::actor start_connection(const lasting& what, start_context how) {
  const auto& settings = what.settings;
  auto names = std::make_shared<name_table>(settings.name);
  supervisor_spec spec{.id = settings.name,
                       .restarts = settings.restarts,
                       .children = {{.id = std::string{registry_name},
                                     .start = start<registry>(names),
                                     .name = std::string{registry_name}}}};
  if (!settings.producers.empty())
    spec.children.push_back(proven(client_branch(settings, what.health)));
  if (what.group || !settings.producers.empty())
    spec.children.push_back(
      {.id = std::string{health_name},
       .start = start<health_reporter>(what.health, settings.client, settings.observer),
       .name = std::string{health_name}});
  if (what.group) {
    auto group = std::make_shared<group_context>(*what.group);
    group->application = how.process.names;
    group->aborted = std::make_shared<std::atomic<bool>>(false);
    spec.children.push_back(proven(group_supervisor(std::move(group), settings.restarts)));
  }
  auto above = std::exchange(how.process.names, names);
  return how.spawn<connection_supervisor>(std::move(spec), std::move(names), std::move(above));
}

} // namespace

std::vector<std::string> validate(const connection& settings) {
  std::vector<std::string> wrong;
  if (settings.name.empty())
    wrong.emplace_back("connection: name must not be empty, got \"\"");
  const auto name = shown(settings.name);
  if (!settings.name.empty() && is_blank(settings.name))
    wrong.push_back(fmt::format("connection: name must not be blank, got \"{}\"", name));
  if (settings.name.find('/') != std::string::npos)
    wrong.push_back(fmt::format("connection: name must not contain '/', got \"{}\"", name));
  if (has_control_characters(settings.name))
    wrong.push_back(
      fmt::format("connection: name must not hold control characters, got \"{}\"", name));
  if (settings.name.size() > longest_name)
    wrong.push_back(fmt::format("connection: name must be of at most {} bytes, got \"{}\" of {}",
                                longest_name, name, settings.name.size()));
  const auto complain = [&](std::string line) {
    line = fmt::format("connection \"{}\": {}", name, line);
    if (std::ranges::find(wrong, line) == wrong.end())
      wrong.push_back(std::move(line));
  };
  if (!settings.brokers.empty())
    for (const auto& fault : parse_brokers(settings.brokers).faults)
      complain("brokers: " + fault);
  else if (!settings.client)
    complain("brokers must not be empty, got \"\"");
  if (has_control_characters(settings.client_id))
    complain("client_id must not hold control characters");
  if (settings.client_id.size() > longest_text)
    complain(fmt::format("client_id must be of at most {} bytes, got {}", longest_text,
                         settings.client_id.size()));
  if (const auto fault
      = fault_of_time("metadata_interval", settings.metadata_interval, metadata_interval_limits))
    complain(*fault);
  if (auto fault = check_oauth(settings.extra, settings.oauth_tokens != nullptr))
    complain(*fault);
  std::set<std::string> topics;
  for (const auto& one : settings.producers)
    if (const auto fault = fault_of_topic(one.topic))
      complain("producers: " + *fault);
    else if (!topics.insert(one.topic).second)
      complain(fmt::format("two producers for topic \"{}\"", one.topic));
  if (!settings.producers.empty())
    for (const auto& line : check_producing(settings.producing, settings.extra))
      complain(line);
  if (settings.group_consumer)
    for (const auto& line : validate(*settings.group_consumer))
      complain(line);
  if (settings.client)
    return wrong;
  for (const auto& line : refused_settings(keys_of(settings)))
    complain(line);
  // librdkafka reports one contradiction at a time, even if it is reported above.
  if (wrong.empty())
    for (const auto& line : refused_combinations(handles_of(settings)))
      complain(line);
  return wrong;
}

connection::operator child_spec() const {
  if (auto wrong = validate(*this); !wrong.empty())
    return {.id = name,
            .start = [](const start_context&) -> caf::actor {
              throw std::logic_error{"a connection with bad settings was started"};
            },
            .type = child_type::supervisor,
            .faults = std::move(wrong)};
  auto what = std::make_shared<lasting>(lasting{*this, std::make_shared<health_board>(), nullptr});
  auto& settings = what->settings;
  if (!settings.observer)
    settings.observer = std::make_shared<failure_printer>(name, prints_log(*this));
  if (!settings.client)
    settings.client = make_librdkafka_client(common_settings(*this));
  // Lease numbers must be unique across restarts of the connection too, so their source lives here.
  if (group_consumer)
    what->group = std::make_shared<const group_context>(
      group_context{.connection = name,
                    .settings = *group_consumer,
                    .client = settings.client,
                    .epochs = std::make_shared<epoch_source>(),
                    .observer = settings.observer,
                    .health = what->health});
  const bool can_prove = group_consumer || !producers.empty();
  return {.id = name,
          .start = [what](start_context how) { return start_connection(*what, std::move(how)); },
          .type = child_type::supervisor,
          .healthy = can_prove ? healthy_when::told : healthy_when::lasting};
}

} // namespace ottla::kafka
