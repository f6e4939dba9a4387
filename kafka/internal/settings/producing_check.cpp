#include <ottla/kafka/internal/settings/name_limits.hpp>
#include <ottla/kafka/internal/settings/producing_check.hpp>
#include <ottla/kafka/internal/settings/time_limits.hpp>
#include <ottla/kafka/internal/text/lower_case.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ottla::kafka {

namespace {

constexpr std::int64_t most_in_flight_idempotent = 5;
/// librdkafka rejects larger numbers.
constexpr std::int64_t most_acks = 1000;

class given_keys {
public:
  given_keys(const std::map<std::string, std::string>& common,
             const std::map<std::string, std::string>& own)
    : common_{common}, own_{own} {}

  /// The number at the start of the value of a key or its alias. nullopt if the key is not set, or
  /// if its value does not start with a number. Like librdkafka, parses 0x10 as hexadecimal and 010
  /// as octal.
  std::optional<std::int64_t> number(std::string_view key, std::string_view alias = {}) const {
    const auto text = this->text(key, alias);
    char* end = nullptr;
    const std::int64_t value = std::strtoll(text.c_str(), &end, 0);
    return end == text.c_str() ? std::nullopt : std::optional{value};
  }

  /// Whether the whole value is a number.
  bool is_number(std::string_view key, std::string_view alias = {}) const {
    const auto text = this->text(key, alias);
    char* end = nullptr;
    std::strtoll(text.c_str(), &end, 0);
    return !text.empty() && end == text.c_str() + text.size();
  }

  /// The value in lower case, since librdkafka parses `ALL` as `all`.
  std::string text(std::string_view key, std::string_view alias = {}) const {
    for (const auto* keys : {&own_, &common_})
      for (const auto name : {key, alias})
        if (const auto found = keys->find(std::string{name}); found != keys->end())
          return in_lower_case(found->second);
    return {};
  }

private:
  const std::map<std::string, std::string>& common_;
  const std::map<std::string, std::string>& own_;
};

std::string_view name_of(ack_level acks) noexcept {
  switch (acks) {
    case ack_level::none: return "none";
    case ack_level::leader: return "leader";
    case ack_level::all: return "all";
  }
  return "unknown";
}

/// Reports settings that librdkafka rejects for an idempotent producer.
template <class Complain>
void check_idempotence(const given_keys& keys, Complain complain) {
  // librdkafka itself rejects values that are not numbers, and numbers out of range.
  const auto acks = keys.number("acks", "request.required.acks");
  if (acks && *acks >= 0 && *acks <= most_acks && keys.is_number("acks", "request.required.acks"))
    complain(fmt::format("acks must be \"all\" if idempotent is true, got {}", *acks));
  if (const auto most = keys.number("max.in.flight.requests.per.connection", "max.in.flight");
      most && *most > most_in_flight_idempotent)
    complain(fmt::format("max.in.flight.requests.per.connection must be at most {} if "
                         "idempotent is true, got {}",
                         most_in_flight_idempotent, *most));
  if (const auto times = keys.number("retries", "message.send.max.retries"); times && *times < 1)
    complain(fmt::format("retries must be at least 1 if idempotent is true, got {}", *times));
  if (const auto threshold = keys.number("queue.buffering.backpressure.threshold");
      threshold && *threshold > 1)
    complain(fmt::format("queue.buffering.backpressure.threshold must be 1 if idempotent is "
                         "true, got {}",
                         *threshold));
  if (keys.text("queuing.strategy") == "lifo")
    complain("queuing.strategy must be \"fifo\" if idempotent is true, got \"lifo\"");
}

} // namespace

std::vector<std::string> check_producing(const producer_settings& how,
                                         const std::map<std::string, std::string>& common) {
  std::vector<std::string> wrong;
  const auto complain = [&](std::string line) { wrong.push_back(std::move(line)); };
  const given_keys keys{common, how.extra};
  const auto linger_fault = fault_of_time("linger", how.linger, linger_limits);
  const auto delivery_fault
    = fault_of_time("delivery_timeout", how.delivery_timeout, delivery_timeout_limits);
  for (const auto& fault : {linger_fault, delivery_fault})
    if (fault)
      complain(*fault);
  if (!linger_fault && !delivery_fault && how.linger >= how.delivery_timeout)
    complain(fmt::format("linger must be below delivery_timeout ({}ms), got {}us",
                         how.delivery_timeout.count(), how.linger.count()));
  const auto largest = keys.number("message.max.bytes");
  if (how.buffer_bytes == 0)
    complain("buffer_bytes must be positive, got 0");
  else if (largest && *largest > 0 && how.buffer_bytes < static_cast<std::uint64_t>(*largest))
    complain(fmt::format("buffer_bytes must be at least message.max.bytes ({}), got {}", *largest,
                         how.buffer_bytes));
  if (how.partitioner) {
    for (auto& line : validate(*how.partitioner, "partitioner"))
      complain(std::move(line));
    if (!keys.text("partitioner").empty())
      complain("partitioner is set twice, also as a key in extra");
  }
  if (how.idempotent)
    check_idempotence(keys, complain);
  else if (keys.text("enable.gapless.guarantee") == "true")
    complain("idempotent must be true if enable.gapless.guarantee is true, got false");
  return wrong;
}

std::vector<std::string> check_topic_settings(const topic_producer_settings& how, bool idempotent) {
  std::vector<std::string> wrong;
  const auto complain = [&](std::string_view line) {
    wrong.push_back(fmt::format("producers: topic \"{}\": {}", shown(how.topic), line));
  };
  const given_keys keys{how.extra, how.extra};
  const auto given = keys.text("acks", "request.required.acks");
  if (how.acks && !given.empty())
    complain("acks is set twice, also as a key in extra");
  if (how.compression && !keys.text("compression.type", "compression.codec").empty())
    complain("compression is set twice, also as a key in extra");
  if (how.partitioner) {
    for (const auto& line : validate(*how.partitioner, "partitioner"))
      complain(line);
    if (!keys.text("partitioner").empty())
      complain("partitioner is set twice, also as a key in extra");
  }
  if (!idempotent)
    return wrong;
  if (how.acks && *how.acks != ack_level::all)
    complain(fmt::format("acks must be all if idempotent is true, got {}", name_of(*how.acks)));
  if (!given.empty() && given != "all" && given != "-1")
    complain("acks must be all if idempotent is true");
  return wrong;
}

} // namespace ottla::kafka
