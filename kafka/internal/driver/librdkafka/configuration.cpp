#include <ottla/kafka/capabilities.hpp>
#include <ottla/kafka/internal/driver/librdkafka/configuration.hpp>
#include <ottla/kafka/internal/driver/librdkafka/cut_number.hpp>
#include <ottla/kafka/internal/driver/librdkafka/key_files.hpp>
#include <ottla/kafka/internal/driver/librdkafka/known_keys.hpp>
#include <ottla/kafka/internal/driver/librdkafka/log_and_error_reader.hpp>
#include <ottla/kafka/internal/driver/librdkafka/mask_of_settings.hpp>
#include <ottla/kafka/internal/driver/librdkafka/refusal.hpp>
#include <ottla/kafka/internal/driver/librdkafka/reserved_keys.hpp>
#include <ottla/kafka/internal/driver/librdkafka/token_refresh.hpp>
#include <ottla/kafka/internal/memory_budget.hpp>
#include <ottla/kafka/internal/settings/broker_list.hpp>
#include <ottla/kafka/internal/settings/oauth_check.hpp>
#include <ottla/kafka/internal/settings/security_keys.hpp>
#include <ottla/kafka/internal/text/on_one_line.hpp>
#include <ottla/kafka/internal/text/unsecured_jwt.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <mutex>
#include <utility>
#include <vector>

namespace ottla::kafka {

namespace {

void say_nothing(const rd_kafka_t*, int, const char*, const char*) {}

rd_kafka_resp_err_t note_begin(rd_kafka_t*, const rd_kafka_conf_t*, void* begun, char*,
                               std::size_t) {
  *static_cast<bool*>(begun) = true;
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

/// librdkafka rejects some configurations late, for example because of an unreadable CA file. A
/// configuration that was rejected late cannot be destroyed, because librdkafka has already freed
/// its interceptors. This function keeps a pointer to the configuration, so that leak checkers do
/// not report a leak.
void abandon(rd_kafka_conf_t* conf) {
  static std::mutex lock;
  static auto* const abandoned = new std::vector<rd_kafka_conf_t*>;
  const std::scoped_lock guard{lock};
  abandoned->push_back(conf);
}

/// Rounds up, so that all that fits into `bytes` fits into the result.
std::string in_kilobytes(std::size_t bytes) {
  constexpr auto most = static_cast<std::size_t>(std::numeric_limits<int>::max() / 1024);
  return std::to_string(
    std::clamp<std::size_t>(bytes / 1024 + (bytes % 1024 == 0 ? 0 : 1), 1, most));
}

std::string in_milliseconds(std::chrono::microseconds time) {
  const auto fraction = std::to_string(1000 + time.count() % 1000).substr(1);
  return std::to_string(time.count() / 1000) + '.' + fraction;
}

std::string in_milliseconds(std::chrono::milliseconds time) {
  return std::to_string(time.count());
}

/// rd_kafka_conf_get finds topic-level keys only after a topic-level key was set. So this function
/// also searches the list of known keys.
bool is_known(const rd_kafka_conf_t* conf, const std::string& key) {
  std::size_t size = 0;
  return similar_key(key) == key
         || rd_kafka_conf_get(conf, key.c_str(), nullptr, &size) == RD_KAFKA_CONF_OK;
}

std::string without_line_end(std::string text) {
  while (text.ends_with('\n'))
    text.pop_back();
  return text;
}

error bad_settings(const std::vector<std::string>& refusals) {
  std::string text;
  for (const auto& line : refusals)
    text += (text.empty() ? "" : "; ") + line;
  return {.code = errc::bad_setting, .text = std::move(text)};
}

constexpr const char* whole_answer = "fetch.max.bytes";

/// Limits fetch.max.bytes to values that librdkafka accepts. librdkafka rejects a value below
/// message.max.bytes, and a value above receive.message.max.bytes - 512.
std::size_t largest_answer(const rd_kafka_conf_t* of, std::size_t wanted) {
  constexpr std::size_t around_answer = 512;
  const auto number = [&](const char* key, std::size_t otherwise) {
    const auto text = value_of(of, key);
    return text.empty() ? otherwise : std::stoul(text);
  };
  const auto least = number("message.max.bytes", 0);
  const auto most = number("receive.message.max.bytes", wanted + around_answer);
  return std::max(least, std::min(wanted, most - std::min(most, around_answer)));
}

std::string name_of(assignor strategy) {
  switch (strategy) {
    case assignor::range: return "range";
    case assignor::round_robin: return "roundrobin";
    case assignor::cooperative_sticky: return "cooperative-sticky";
  }
  return "range";
}

} // namespace

configuration::configuration(const cluster_settings& common)
  : conf_{rd_kafka_conf_new()}, oauth_tokens_{common.oauth_tokens} {
  // Log lines become events. The callback drops lines that are logged before the handle exists, so
  // that these lines do not go to stderr.
  rd_kafka_conf_set_log_cb(conf_.get(), say_nothing);
  set("log.queue", "true");
  const auto brokers = parse_brokers(common.brokers);
  for (const auto& fault : brokers.faults)
    refuse("brokers: " + fault);
  if (brokers.faults.empty())
    set("bootstrap.servers", to_string(brokers));
  set("client.id", common.client_id);
  set_time("topic.metadata.refresh.interval.ms", "metadata_interval", common.metadata_interval,
           metadata_interval_limits);
  // Metadata of a topic expires after three refresh intervals, as with librdkafka's defaults.
  set("metadata.max.age.ms",
      in_milliseconds(3
                      * std::clamp<std::chrono::milliseconds>(common.metadata_interval,
                                                              metadata_interval_limits.shortest,
                                                              metadata_interval_limits.longest)));
  // The default of Kafka's Java client. A handle reconnects to a restarted broker within a second.
  // librdkafka's default is 10 s.
  set("reconnect.backoff.max.ms", "1000");
  // The error of a closed connection can reveal a mistake in security.protocol. connection_faults
  // explains these errors.
  set("log.connection.close", "true");
  // Nagle's algorithm delays a small request until the previous request is acknowledged. Before
  // 2.10, librdkafka enables it by default.
  set("socket.nagle.disable", "true");
  auto security = keys_of_security(common.security);
  for (const auto& [key, value] : security.values)
    set(key, value);
  for (auto& fault : security.faults)
    refuse(std::move(fault));
  owners_ = std::move(security.owners);
  const auto linked = capabilities();
  if (!linked.rejected.empty())
    refuse(linked.rejected);
  // By default, librdkafka lets brokers request metrics of the client (KIP-714).
  if (linked.client_metrics)
    set("enable.metrics.push", "false");
}

void configuration::refuse(std::string line) {
  line = on_one_line(line);
  if (std::ranges::find(refusals_, line) == refusals_.end())
    refusals_.push_back(std::move(line));
}

void configuration::refuse_value(const std::string& key, const std::string& value,
                                 const std::string& why) {
  refuse(refusal_of_value(key, value, why));
}

void configuration::set(const std::string& key, const std::string& value) {
  // librdkafka truncates a key at a NUL. The truncated key could be a key that the runtime
  // reserves.
  if (key.find('\0') != std::string::npos) {
    const std::string seen = key.c_str();
    refuse(similar_key(seen) == seen ? "extra has a key with a NUL after \"" + seen + "\""
                                     : "extra has a key that contains a NUL");
    return;
  }
  if (value.find('\0') != std::string::npos) {
    if (is_known(conf_.get(), key))
      refuse_value(key, value.c_str(), "the value contains a NUL");
    else
      refuse(refusal_of_key(key, value.c_str()));
    return;
  }
  std::array<char, 512> why{};
  switch (rd_kafka_conf_set(conf_.get(), key.c_str(), value.c_str(), why.data(), why.size())) {
    case RD_KAFKA_CONF_OK:
      if (was_cut(conf_.get(), key, value))
        refuse_value(key, value, "the number is too large");
      break;
    case RD_KAFKA_CONF_UNKNOWN: refuse(refusal_of_key(key, value)); break;
    case RD_KAFKA_CONF_INVALID:
      refuse_value(key, value, mask_of_settings(conf_.get()).apply(without_line_end(why.data())));
      break;
  }
}

template <class Duration>
void configuration::set_time(const std::string& key, const char* setting, Duration value,
                             time_limits limits) {
  if (auto fault = fault_of_time(setting, value, limits))
    refuse(std::move(*fault));
  else
    set(key, in_milliseconds(value));
}

void configuration::set_extra(const std::map<std::string, std::string>& extra) {
  // Restores librdkafka's default, because librdkafka rejects a reconnect.backoff.max.ms below
  // reconnect.backoff.ms.
  if (extra.contains("reconnect.backoff.ms"))
    set("reconnect.backoff.max.ms", "10000");
  for (const auto& [key, value] : extra)
    if (const auto why = why_reserved(key))
      refuse(refusal_of_reserved_key(key, *why));
    else if (const auto owner = owners_.find(key); owner != owners_.end())
      refuse(fault_of_contradiction(key, owner->second));
    else
      set(key, value);
}

void configuration::check() {
  std::map<std::string, std::string> keys;
  for (const auto* key : {"sasl.mechanisms", "security.protocol", "sasl.oauthbearer.method",
                          "enable.sasl.oauthbearer.unsecure.jwt"})
    keys.emplace(key, value_of(conf_.get(), key));
  if (auto fault = check_oauth(keys, oauth_tokens_ != nullptr))
    refuse(std::move(*fault));
  for (auto& line : unreadable_files(conf_.get()))
    refuse(std::move(line));
}

std::unique_ptr<oauth_provider> configuration::choose_token_provider() {
  if (value_of(conf_.get(), "sasl.mechanisms") != "OAUTHBEARER")
    return nullptr;
  // A background thread of the handle serves token requests, including requests of librdkafka's
  // OIDC.
  rd_kafka_conf_enable_sasl_queue(conf_.get(), 1);
  if (oauth_tokens_)
    return std::make_unique<oauth_provider>(without_tokens_in_texts(oauth_tokens_));
  if (value_of(conf_.get(), "enable.sasl.oauthbearer.unsecure.jwt") != "true")
    return nullptr;
  // Before 2.2, librdkafka crashes when an unsecured token must be renewed. Later versions do not
  // renew unsecured tokens.
  set("enable.sasl.oauthbearer.unsecure.jwt", "false");
  return std::make_unique<oauth_provider>(make_unsecured_token);
}

std::variant<rd_kafka_t*, error> configuration::open(rd_kafka_type_t type) {
  check();
  if (!refusals_.empty())
    return bad_settings(refusals_);
  auto tokens = choose_token_provider();
  if (value_of(conf_.get(), "enable.ssl.certificate.verification") == "true")
    explain_refused_certificates(conf_.get());
  if (tokens)
    answer_token_requests(conf_.get(), tokens.get());
  auto opened = make_handle(type);
  if (opened.begun)
    static_cast<void>(tokens.release()); // the handle owns it now
  if (opened.native == nullptr)
    return bad_settings(refusals_);
  rd_kafka_set_log_queue(opened.native, nullptr);
  begin_to_answer_token_requests(opened.native);
  return opened.native;
}

void configuration::try_out(rd_kafka_type_t type) {
  check();
  if (!refusals_.empty())
    return;
  const auto mechanism = value_of(conf_.get(), "sasl.mechanisms");
  // With these mechanisms, a new handle requests a token or starts kinit. So leave out SASL.
  if (mechanism == "OAUTHBEARER" || mechanism == "GSSAPI") {
    const auto protocol = value_of(conf_.get(), "security.protocol");
    if (protocol.starts_with("sasl_"))
      set("security.protocol", protocol.substr(5));
  }
  // A handle without brokers and without a group contacts no broker.
  set("bootstrap.servers", "");
  rd_kafka_conf_set(conf_.get(), "group.id", nullptr, nullptr, 0);
  if (auto* native = make_handle(type).native)
    rd_kafka_destroy(native);
}

configuration::opened_handle configuration::make_handle(rd_kafka_type_t type) {
  std::array<char, 512> why{};
  bool begun = false;
  rd_kafka_conf_interceptor_add_on_new(conf_.get(), "ottla.begun", note_begin, &begun);
  auto* native = rd_kafka_new(type, conf_.get(), why.data(), why.size());
  if (native != nullptr) {
    static_cast<void>(conf_.release());
    return {native, begun};
  }
  refuse(explain_key_files(conf_.get(), mask_of_settings(conf_.get()).apply(why.data())));
  if (begun)
    abandon(conf_.release());
  return {nullptr, begun};
}

configuration configure_consumer(const cluster_settings& common,
                                 const consumer_handle_settings& how) {
  configuration conf{common};
  conf.set("group.id", how.group);
  conf.set_time("session.timeout.ms", "session_timeout", how.session_timeout,
                session_timeout_limits);
  conf.set_time("heartbeat.interval.ms", "heartbeat_interval", how.heartbeat_interval,
                heartbeat_interval_limits);
  conf.set_time("max.poll.interval.ms", "max_poll_interval", how.max_poll_interval,
                max_poll_interval_limits);
  conf.set("partition.assignment.strategy", name_of(how.strategy));
  if (!how.instance.empty())
    conf.set("group.instance.id", how.instance);
  conf.set_time("fetch.wait.max.ms", "fetch_wait", how.fetch_wait, fetch_wait_limits);
  conf.set("fetch.min.bytes", std::to_string(how.fetch_min_bytes));
  conf.set("queued.max.messages.kbytes", in_kilobytes(how.memory.queue_bytes));
  conf.set("fetch.message.max.bytes", std::to_string(how.memory.part_bytes));
  // Beyond this count, or beyond the limit in bytes, librdkafka's fetcher backs off: before 2.2 for
  // up to a second, later for the time that is set below. librdkafka keeps some memory for each
  // message besides the message's bytes, so small messages need a limit by count.
  conf.set("queued.min.messages",
           std::to_string(std::clamp<std::size_t>(how.memory.queue_bytes / bytes_beside_message,
                                                  1'000, 10'000'000)));
  if (rd_kafka_version() >= 0x020200ff)
    conf.set("fetch.queue.backoff.ms", "20");
  conf.set("enable.auto.commit", "false");
  conf.set("enable.auto.offset.store", "false");
  conf.set("enable.partition.eof", "true");
  conf.set("auto.offset.reset", "error");
  conf.set_extra(common.extra);
  conf.set_extra(how.extra);
  if (!common.extra.contains(whole_answer) && !how.extra.contains(whole_answer))
    conf.set(whole_answer, std::to_string(largest_answer(conf.get(), how.memory.answer_bytes)));
  rd_kafka_conf_set_events(conf.get(),
                           RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG);
  return conf;
}

configuration configure_lookups(const cluster_settings& common, const consumer_handle_settings& how,
                                const std::string& isolation) {
  configuration conf{common};
  conf.set_extra(common.extra);
  conf.set_extra(how.extra);
  conf.set("isolation.level", isolation);
  // No code reads the log lines of this handle. The callback drops them.
  conf.set("log.queue", "false");
  return conf;
}

configuration configure_producer(const cluster_settings& common, const producer_settings& how) {
  // Memory that librdkafka needs for a record besides the record's bytes. librdkafka's limit in
  // bytes does not include this memory.
  constexpr std::size_t overhead_of_record = 128;
  configuration conf{common};
  conf.set_time("linger.ms", "linger", how.linger, linger_limits);
  conf.set_time("delivery.timeout.ms", "delivery_timeout", how.delivery_timeout,
                delivery_timeout_limits);
  conf.set("queue.buffering.max.kbytes", in_kilobytes(how.buffer_bytes));
  conf.set("queue.buffering.max.messages",
           std::to_string(std::clamp<std::size_t>(how.buffer_bytes / overhead_of_record, 1,
                                                  std::numeric_limits<int>::max())));
  conf.set("enable.idempotence", how.idempotent ? "true" : "false");
  conf.set("partitioner", "murmur2_random");
  // For this long, librdkafka waits for a topic that brokers do not know. Then it rejects the
  // topic's records. librdkafka's default is 30 s.
  conf.set("topic.metadata.propagation.max.ms", "5000");
  conf.set_extra(common.extra);
  conf.set_extra(how.extra);
  rd_kafka_conf_set_events(conf.get(),
                           RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG);
  return conf;
}

} // namespace ottla::kafka
