#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/internal/admin/admin_process.hpp>
#include <ottla/kafka/internal/connection_on.hpp>
#include <ottla/kafka/internal/connection_supervisor.hpp>
#include <ottla/kafka/internal/driver/librdkafka_driver.hpp>
#include <ottla/kafka/internal/failure_printer.hpp>
#include <ottla/kafka/internal/group/group_supervisor.hpp>
#include <ottla/kafka/internal/groupless/as_group_consumer.hpp>
#include <ottla/kafka/internal/health/health_reporter.hpp>
#include <ottla/kafka/internal/producer/producer_gate.hpp>
#include <ottla/kafka/internal/producer/shared_producer.hpp>
#include <ottla/kafka/internal/scoped_names.hpp>
#include <ottla/kafka/internal/settings/connection_check.hpp>
#include <ottla/kafka/internal/shielded_observer.hpp>
#include <ottla/kafka/process_names.hpp>
#include <ottla/registry/name_table.hpp>
#include <ottla/registry/registry.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// Minimum time for the shared producer to flush its records. A stop of the application may allow
/// more.
constexpr auto to_flush = 5s;

/// State that a connection keeps across its restarts.
struct connection_state {
  connection settings;
  std::shared_ptr<kafka::driver> driver;
  std::shared_ptr<health_board> health;
  /// Null without a group consumer.
  group_context_ptr group = nullptr;
  /// The consumers without a group.
  std::vector<group_context_ptr> consumers = {};
  /// Null if the connection does not produce.
  std::shared_ptr<producer_gate> gate = nullptr;
};

/// Whether the program sets librdkafka's key `debug`.
bool prints_log(const connection& what) {
  const auto asks = [](const auto& extra) { return extra.contains("debug"); };
  return asks(what.extra) || (what.producing && asks(what.producing->extra))
         || (what.group_consumer && asks(what.group_consumer->extra))
         || std::ranges::any_of(what.consumers, asks, &consumer::extra);
}

/// Sets healthy_when::reported. The branch is healthy when all of its children that must report
/// have reported.
child_spec proven(child_spec branch) {
  branch.healthy = healthy_when::reported;
  return branch;
}

child_spec producing_branch(const connection_state& what) {
  const auto& settings = what.settings;
  return supervisor_spec{.id = "producing",
                         .restarts = settings.restarts,
                         .children = {
                           {.id = std::string{producer_name},
                            .start = start<shared_producer>(
                              what.driver, settings.producing.value_or(producer_settings{}),
                              settings.producers, settings.observer, what.health, what.gate),
                            .shutdown = shutdown_policy::at_least(to_flush),
                            .name = std::string{producer_name},
                            .healthy = healthy_when::reported},
                         }};
}

/// The processes of a member, for one run of the connection.
supervisor_spec consuming_branch(const group_context& what, const std::shared_ptr<directory>& all,
                                 restart_limit restarts) {
  auto group = std::make_shared<group_context>(what);
  group->application = all;
  group->aborted = std::make_shared<std::atomic<bool>>(false);
  return group_supervisor(std::move(group), restarts);
}

/// The processes of a consumer without a group are those of a group, below the consumer's prefix.
child_spec groupless_branch(const group_context& what, const std::shared_ptr<directory>& all,
                            restart_limit restarts) {
  const auto prefix = consumer_prefix(what.groupless->settings.topic);
  auto spec = consuming_branch(what, all, restarts);
  spec.id = prefix.substr(0, prefix.size() - 1);
  child_spec branch = spec;
  branch.start = [prefix, start = std::move(branch.start)](start_context how) {
    how.process.names = std::make_shared<scoped_names>(how.process.names, prefix);
    return start(std::move(how));
  };
  return proven(std::move(branch));
}

std::vector<std::string> topics_of(const std::vector<group_context_ptr>& consumers) {
  std::vector<std::string> topics;
  for (const auto& each : consumers)
    topics.push_back(each->groupless->settings.topic);
  return topics;
}

caf::actor start_connection(const connection_state& what, start_context how) {
  const auto& settings = what.settings;
  auto names = std::make_shared<name_table>(settings.name);
  supervisor_spec spec{.id = settings.name,
                       .restarts = settings.restarts,
                       .children = {{.id = std::string{registry_name},
                                     .start = start<registry>(names),
                                     .name = std::string{registry_name}}}};
  if (what.gate) {
    names->put_meta(producer_name, what.gate);
    spec.children.push_back(proven(producing_branch(what)));
  }
  // Only a request makes the process open a Kafka handle, so every connection can have the process.
  // It stops after the group, since handlers may still send requests.
  spec.children.push_back({.id = std::string{admin_name},
                           .start = start<admin_process>(what.driver),
                           .name = std::string{admin_name}});
  if (what.group || what.gate || !what.consumers.empty())
    spec.children.push_back(
      {.id = std::string{health_name},
       .start = start<health_reporter>(what.health, what.driver, settings.observer,
                                       topics_of(what.consumers)),
       .name = std::string{health_name}});
  for (const auto& each : what.consumers)
    spec.children.push_back(groupless_branch(*each, how.process.names, settings.restarts));
  if (what.group)
    spec.children.push_back(
      proven(consuming_branch(*what.group, how.process.names, settings.restarts)));
  auto above = std::exchange(how.process.names, names);
  return how.spawn<connection_supervisor>(std::move(spec), std::move(names), std::move(above),
                                          what.gate);
}

child_spec make_spec(const connection& settings, std::shared_ptr<driver> over) {
  auto what = std::make_shared<connection_state>(connection_state{
    .settings = settings, .driver = std::move(over), .health = std::make_shared<health_board>()});
  auto& observer = what->settings.observer;
  if (!observer)
    observer = std::make_shared<failure_printer>(settings.name, prints_log(settings));
  observer = std::make_shared<shielded_observer>(settings.name, std::move(observer));
  // Epochs must be unique across restarts of the connection, so the spec owns their source.
  const auto epochs = std::make_shared<epoch_source>();
  if (settings.group_consumer)
    what->group
      = std::make_shared<const group_context>(group_context{.connection = settings.name,
                                                            .settings = *settings.group_consumer,
                                                            .driver = what->driver,
                                                            .epochs = epochs,
                                                            .observer = observer,
                                                            .health = what->health});
  for (const auto& each : settings.consumers)
    what->consumers.push_back(std::make_shared<const group_context>(group_context{
      .connection = settings.name,
      .settings = as_group_consumer(each),
      .driver = what->driver,
      .epochs = epochs,
      .observer = observer,
      .groupless = std::make_shared<const groupless_settings>(
        groupless_settings{.settings = each, .poll_interval = settings.metadata_interval}),
      .health = std::make_shared<health_board>(what->health, consumer_prefix(each.topic))}));
  // Callers may hold records of one run of the connection when the next run starts.
  if (produces(settings))
    what->gate = std::make_shared<producer_gate>(
      settings.producing.value_or(producer_settings{}).buffer_bytes);
  const bool can_prove = what->group || !what->consumers.empty() || what->gate;
  return {.id = settings.name,
          .start = [what](start_context how) { return start_connection(*what, std::move(how)); },
          .type = child_type::supervisor,
          .healthy = can_prove ? healthy_when::reported : healthy_when::lasting};
}

child_spec refused_spec(const std::string& name, std::vector<std::string> faults) {
  return {.id = name,
          .start = [](const start_context&) -> caf::actor {
            throw std::logic_error{"a connection with bad settings was started"};
          },
          .type = child_type::supervisor,
          .faults = std::move(faults)};
}

} // namespace

std::vector<std::string> validate(const connection& settings) {
  return check_connection(settings, true);
}

connection::operator child_spec() const {
  if (auto wrong = validate(*this); !wrong.empty())
    return refused_spec(name, std::move(wrong));
  return make_spec(*this, make_librdkafka_driver(cluster_of(*this)));
}

child_spec connection_on(std::shared_ptr<driver> over, const connection& settings) {
  if (auto wrong = check_connection(settings, false); !wrong.empty())
    return refused_spec(settings.name, std::move(wrong));
  return make_spec(settings, std::move(over));
}

} // namespace ottla::kafka
