#include "run/effective_settings.hpp"

#include "text/record_json.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <string_view>

namespace command {

namespace kafka = ottla::kafka;
using json = nlohmann::ordered_json;

namespace {

constexpr const char* masked = "***";

std::string duration_text(std::chrono::nanoseconds time) {
  using namespace std::chrono;
  if (time % 1s == 0ns)
    return fmt::format("{}s", time / 1s);
  if (time % 1ms == 0ns)
    return fmt::format("{}ms", time / 1ms);
  return time % 1us == 0ns ? fmt::format("{}us", time / 1us) : fmt::format("{}ns", time.count());
}

/// librdkafka's keys whose values are secret, and values with credentials of a URL.
bool is_secret(std::string_view key, std::string_view value) {
  constexpr std::array<std::string_view, 9> words{"pass",   "secret",     "pem",    "token", "jaas",
                                                  "config", "credential", "keytab", "kinit"};
  std::string lower{key};
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char each) { return static_cast<char>(std::tolower(each)); });
  const bool is_named
    = std::ranges::any_of(words, [&](auto word) { return lower.find(word) != std::string::npos; });
  return is_named
         || (value.find("://") != std::string_view::npos
             && value.find_first_of("@?") != std::string_view::npos);
}

json extra_json(const std::map<std::string, std::string>& extra) {
  auto all = json::object();
  for (const auto& [key, value] : extra)
    all[key] = is_secret(key, value) ? masked : value;
  return all;
}

void put_secret(json& into, const char* key, const kafka::secret& what) {
  if (!what.empty())
    into[key] = masked;
}

void put_text(json& into, const char* key, const std::string& text) {
  if (!text.empty())
    into[key] = text;
}

void put_pem(json& into, const std::string& key, const kafka::pem& what) {
  if (!what)
    return;
  if (const auto* file = std::get_if<kafka::pem_file>(&*what))
    into[key + "_file"] = file->path;
  else
    into[key] = masked;
}

json tls_json(const kafka::tls& tls) {
  json all{{"enabled", true}};
  put_pem(all, "ca", tls.ca);
  put_pem(all, "certificate", tls.certificate);
  put_pem(all, "key", tls.key);
  put_secret(all, "key_password", tls.key_password);
  all["verify_certificate"] = tls.verify_certificate;
  all["verify_host"] = tls.verify_host;
  return all;
}

json password_json(const char* mechanism, const auto& sasl) {
  json all{{"mechanism", mechanism}, {"user", sasl.user}};
  put_secret(all, "password", sasl.password);
  return all;
}

struct sasl_json {
  json operator()(const kafka::sasl_plain& sasl) const { return password_json("PLAIN", sasl); }
  json operator()(const kafka::scram_sha_256& sasl) const {
    return password_json("SCRAM-SHA-256", sasl);
  }
  json operator()(const kafka::scram_sha_512& sasl) const {
    return password_json("SCRAM-SHA-512", sasl);
  }
  json operator()(const kafka::oauthbearer& sasl) const {
    json all{{"mechanism", "OAUTHBEARER"}};
    put_text(all, "token_endpoint",
             is_secret("", sasl.token_endpoint) ? masked : sasl.token_endpoint);
    put_text(all, "client_id", sasl.client_id);
    put_secret(all, "client_secret", sasl.client_secret);
    put_text(all, "scope", sasl.scope);
    if (!sasl.extensions.empty())
      all["extensions"] = extra_json(sasl.extensions);
    return all;
  }
};

std::string offset_name(const kafka::begin_offset& what) {
  if (const auto* number = std::get_if<kafka::at_offset>(&what))
    return std::to_string(number->offset);
  if (const auto* when = std::get_if<kafka::since>(&what))
    return to_text(when->when);
  return std::holds_alternative<kafka::latest>(what) ? "latest" : "earliest";
}

const char* name_of(kafka::assignor strategy) {
  switch (strategy) {
    case kafka::assignor::range: return "range";
    case kafka::assignor::round_robin: return "round_robin";
    case kafka::assignor::cooperative_sticky: return "cooperative_sticky";
  }
  return "range";
}

json group_json(const kafka::group_consumer& group) {
  json all{
    {"group", group.group},
    {"topics", group.topics},
    {"begin", offset_name(group.begin)},
    {"when_missing", offset_name(group.when_missing)},
    {"allocation", group.allocation == kafka::worker_allocation::per_partition
                     ? "per_partition"
                     : "per_topic_partition"},
    {"batch_size", group.batch_size},
    {"max_unacknowledged", group.max_unacknowledged},
    {"commit_interval", duration_text(group.commit_interval)},
    {"drain_within", duration_text(group.drain_within)},
    {"run_as", group.run_as == ottla::execution::detached ? "detached" : "scheduled"},
    {"worker_restarts",
     {{"first", duration_text(group.worker_restarts.first)},
      {"longest", duration_text(group.worker_restarts.longest)},
      {"at_once", group.worker_restarts.at_once},
      {"healthy_after", duration_text(group.worker_restarts.healthy_after)},
      {"jitter", group.worker_restarts.jitter}}},
    {"handle_within", duration_text(group.handle_within)},
    {"rebalance_delay", duration_text(group.rebalance_delay)},
    {"session_timeout", duration_text(group.session_timeout)},
    {"heartbeat_interval", duration_text(group.heartbeat_interval)},
    {"max_poll_interval", duration_text(group.max_poll_interval)},
    {"strategy", name_of(group.strategy)},
    {"fetch_wait", duration_text(group.fetch_wait)},
  };
  put_text(all, "instance", group.instance);
  if (group.memory_bytes)
    all["memory_bytes"] = *group.memory_bytes;
  if (!group.extra.empty())
    all["extra"] = extra_json(group.extra);
  return all;
}

json producing_json(const kafka::producer_settings& producing) {
  json all{{"linger", duration_text(producing.linger)},
           {"delivery_timeout", duration_text(producing.delivery_timeout)},
           {"buffer_bytes", producing.buffer_bytes},
           {"idempotent", producing.idempotent}};
  if (!producing.extra.empty())
    all["extra"] = extra_json(producing.extra);
  return all;
}

} // namespace

json effective_settings(const kafka::connection& of) {
  json all{{"brokers", of.brokers},
           {"client_id", of.client_id},
           {"metadata_interval", duration_text(of.metadata_interval)},
           {"restarts",
            {{"at_most", of.restarts.at_most}, {"within", duration_text(of.restarts.within)}}}};
  if (of.security.tls)
    all["security"]["tls"] = tls_json(*of.security.tls);
  if (of.security.sasl)
    all["security"]["sasl"] = std::visit(sasl_json{}, *of.security.sasl);
  if (!of.producers.empty()) {
    auto& topics = all["producers"] = json::array();
    for (const auto& each : of.producers)
      topics.push_back(each.topic);
  }
  if (of.producing)
    all["producing"] = producing_json(*of.producing);
  if (of.group_consumer)
    all["group_consumer"] = group_json(*of.group_consumer);
  if (!of.extra.empty())
    all["extra"] = extra_json(of.extra);
  return all;
}

std::string setting_lines(const json& settings, const std::string& prefix) {
  std::string lines;
  for (const auto& each : settings.items()) {
    const auto key = prefix + printable(each.key());
    if (each.value().is_object())
      lines += setting_lines(each.value(), key + '.');
    else
      lines += fmt::format("{} = {}\n", key,
                           each.value().dump(-1, ' ', false, json::error_handler_t::replace));
  }
  return lines;
}

} // namespace command
