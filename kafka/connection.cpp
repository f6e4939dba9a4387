#include <ottla/kafka/client/client.hpp>
#include <ottla/kafka/client/librdkafka_client.hpp>
#include <ottla/kafka/client/oauth_check.hpp>
#include <ottla/kafka/client/shared_client.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/failure_printer.hpp>
#include <ottla/kafka/group/group_supervisor.hpp>
#include <ottla/kafka/group/health_reporter.hpp>
#include <ottla/kafka/names.hpp>
#include <ottla/registry/name_table.hpp>
#include <ottla/registry/registry.hpp>
#include <ottla/supervision/supervisor.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <stdexcept>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// How long the client may wait for its records where no stop of the application says more.
constexpr auto to_flush = 5s;

/// What a connection keeps across its own restarts.
struct lasting {
  connection settings;
  group_context_ptr group;
};

child_spec client_branch(const connection& settings) {
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
       .start = start<shared_client>(settings.client, settings.producing, settings.observer),
       .shutdown = shutdown_policy::at_least(to_flush),
       .name = std::string{client_name}},
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
    spec.children.push_back(client_branch(settings));
  if (what.group) {
    auto group = std::make_shared<group_context>(*what.group);
    group->application = how.process.names;
    group->aborted = std::make_shared<std::atomic<bool>>(false);
    spec.children.push_back(
      {.id = std::string{health_name},
       .start = start<health_reporter>(std::shared_ptr<const health_board>{group->health}),
       .name = std::string{health_name}});
    spec.children.push_back(group_supervisor(std::move(group), settings.restarts));
  }
  // From outside the names are found below the connection's own.
  if (how.process.names)
    how.process.names->mount(settings.name, names);
  how.process.names = std::move(names);
  return how.spawn<supervisor>(std::move(spec));
}

} // namespace

std::vector<std::string> validate(const connection& settings) {
  std::vector<std::string> wrong;
  if (settings.name.empty())
    wrong.emplace_back("connection: name must not be empty, got \"\"");
  if (settings.name.find('/') != std::string::npos)
    wrong.push_back(
      fmt::format("connection: name must not contain '/', got \"{}\"", settings.name));
  if (settings.brokers.empty() && !settings.client)
    wrong.push_back(
      fmt::format("connection \"{}\": brokers must not be empty, got \"\"", settings.name));
  if (settings.metadata_interval.count() <= 0 || settings.metadata_interval > 1h)
    wrong.push_back(
      fmt::format("connection \"{}\": metadata_interval must be from 1ms to 3600000ms, got {}ms",
                  settings.name, settings.metadata_interval.count()));
  if (auto fault = check_oauth(settings.extra, settings.oauth_tokens != nullptr))
    wrong.push_back(fmt::format("connection \"{}\": {}", settings.name, *fault));
  std::set<std::string> topics;
  for (const auto& one : settings.producers)
    if (one.topic.empty())
      wrong.push_back(
        fmt::format("connection \"{}\": producer topic must not be empty", settings.name));
    else if (!topics.insert(one.topic).second)
      wrong.push_back(
        fmt::format("connection \"{}\": two producers for topic \"{}\"", settings.name, one.topic));
  if (!settings.producers.empty() && settings.producing.linger.count() < 0)
    wrong.push_back(fmt::format("connection \"{}\": linger must not be negative, got {}us",
                                settings.name, settings.producing.linger.count()));
  if (!settings.producers.empty() && settings.producing.delivery_timeout.count() <= 0)
    wrong.push_back(fmt::format("connection \"{}\": delivery_timeout must be positive, got {}ms",
                                settings.name, settings.producing.delivery_timeout.count()));
  if (settings.group_consumer)
    for (auto& line : validate(*settings.group_consumer))
      wrong.push_back(fmt::format("connection \"{}\": {}", settings.name, line));
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
  auto what = std::make_shared<lasting>(*this, nullptr);
  auto& settings = what->settings;
  if (!settings.observer)
    settings.observer = std::make_shared<failure_printer>(name);
  if (!settings.client)
    settings.client = make_librdkafka_client({.brokers = brokers,
                                              .client_id = client_id,
                                              .metadata_interval = metadata_interval,
                                              .oauth_tokens = oauth_tokens,
                                              .extra = extra});
  // Leases must be told apart across restarts of the connection too, so their numbers live here.
  if (group_consumer)
    what->group = std::make_shared<const group_context>(
      group_context{.connection = name,
                    .settings = *group_consumer,
                    .client = settings.client,
                    .epochs = std::make_shared<epoch_source>(),
                    .observer = settings.observer});
  return {.id = name,
          .start = [what](start_context how) { return start_connection(*what, std::move(how)); },
          .type = child_type::supervisor};
}

} // namespace ottla::kafka
