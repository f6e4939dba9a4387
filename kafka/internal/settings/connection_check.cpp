#include <ottla/actors/check_name.hpp>
#include <ottla/kafka/internal/driver/check_settings.hpp>
#include <ottla/kafka/internal/settings/broker_list.hpp>
#include <ottla/kafka/internal/settings/connection_check.hpp>
#include <ottla/kafka/internal/settings/name_limits.hpp>
#include <ottla/kafka/internal/settings/oauth_check.hpp>
#include <ottla/kafka/internal/settings/producing_check.hpp>
#include <ottla/kafka/internal/settings/security_keys.hpp>
#include <ottla/kafka/internal/settings/time_limits.hpp>
#include <ottla/kafka/internal/settings/topic_name.hpp>
#include <ottla/kafka/internal/text/blanks.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace ottla::kafka {

cluster_settings cluster_of(const connection& of) {
  return {.brokers = of.brokers,
          .client_id = of.client_id,
          .metadata_interval = of.metadata_interval,
          .security = of.security,
          .oauth_tokens = of.oauth_tokens,
          .extra = of.extra};
}

bool produces(const connection& settings) {
  return settings.producing || !settings.producers.empty();
}

namespace {

producer_settings producing_of(const connection& what) {
  return what.producing.value_or(producer_settings{});
}

/// The brokers and the librdkafka keys of the handles. check_connection checks all other settings
/// itself.
handle_settings keys_of(const connection& what) {
  handle_settings handles{.common = {.brokers = what.brokers.empty() ? "localhost" : what.brokers,
                                     .security = what.security,
                                     .oauth_tokens = what.oauth_tokens,
                                     .extra = what.extra}};
  if (produces(what))
    handles.producing = producer_settings{.extra = producing_of(what).extra};
  handles.topics = what.producers;
  if (what.group_consumer)
    handles.consuming
      = consumer_handle_settings{.group = "any", .extra = what.group_consumer->extra};
  return handles;
}

/// All handle settings that the driver may reject.
handle_settings handles_of(const connection& what) {
  handle_settings handles{.common = cluster_of(what)};
  if (produces(what))
    handles.producing = producing_of(what);
  if (const auto& group = what.group_consumer)
    handles.consuming = consumer_handle_settings{.group = group->group,
                                                 .instance = group->instance,
                                                 .session_timeout = group->session_timeout,
                                                 .heartbeat_interval = group->heartbeat_interval,
                                                 .max_poll_interval = group->max_poll_interval,
                                                 .strategy = group->strategy,
                                                 .fetch_wait = group->fetch_wait,
                                                 .extra = group->extra};
  return handles;
}

} // namespace

std::vector<std::string> check_cluster(const cluster_settings& settings, bool on_librdkafka) {
  std::vector<std::string> wrong;
  if (!settings.brokers.empty())
    for (const auto& fault : parse_brokers(settings.brokers).faults)
      wrong.push_back("brokers: " + fault);
  else if (on_librdkafka)
    wrong.emplace_back("brokers must not be empty, got \"\"");
  if (has_control_characters(settings.client_id))
    wrong.emplace_back("client_id must not contain control characters");
  if (settings.client_id.size() > longest_text)
    wrong.push_back(fmt::format("client_id must have at most {} bytes, got {}", longest_text,
                                settings.client_id.size()));
  if (auto fault
      = fault_of_time("metadata_interval", settings.metadata_interval, metadata_interval_limits))
    wrong.push_back(*std::move(fault));
  auto security = keys_of_security(settings.security);
  for (auto& fault : security.faults)
    wrong.push_back(std::move(fault));
  for (const auto& [key, value] : settings.extra)
    if (const auto owner = security.owners.find(key); owner != security.owners.end())
      wrong.push_back(fault_of_contradiction(key, owner->second));
  security.values.insert(settings.extra.begin(), settings.extra.end());
  if (auto fault = check_oauth(security.values, settings.oauth_tokens != nullptr))
    wrong.push_back(*std::move(fault));
  return wrong;
}

std::vector<std::string> check_connection(const connection& settings, bool on_librdkafka) {
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
      fmt::format("connection: name must not contain control characters, got \"{}\"", name));
  if (settings.name.size() > longest_name)
    wrong.push_back(fmt::format("connection: name must have at most {} bytes, got {} bytes: \"{}\"",
                                longest_name, settings.name.size(), name));
  const auto complain = [&](std::string line) {
    line = fmt::format("connection \"{}\": {}", name, line);
    if (std::ranges::find(wrong, line) == wrong.end())
      wrong.push_back(std::move(line));
  };
  for (auto& line : check_cluster(cluster_of(settings), on_librdkafka))
    complain(std::move(line));
  std::set<std::string> topics;
  for (const auto& one : settings.producers)
    if (const auto fault = fault_of_topic(one.topic))
      complain("producers: " + *fault);
    else if (!topics.insert(one.topic).second)
      complain(fmt::format("producers: topic \"{}\" is listed twice", one.topic));
  if (produces(settings))
    for (const auto& line : check_producing(producing_of(settings), settings.extra))
      complain(line);
  for (const auto& one : settings.producers)
    for (const auto& line : check_topic_settings(one, producing_of(settings).idempotent))
      complain(line);
  if (settings.group_consumer)
    for (const auto& line : validate(*settings.group_consumer))
      complain(line);
  if (!on_librdkafka)
    return wrong;
  for (const auto& line : refused_settings(keys_of(settings)))
    complain(line);
  // librdkafka reports only one contradiction, which may repeat a fault that is reported above.
  if (wrong.empty())
    for (const auto& line : refused_combinations(handles_of(settings)))
      complain(line);
  return wrong;
}

} // namespace ottla::kafka
