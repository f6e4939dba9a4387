#include <ottla/kafka/internal/driver/librdkafka/broker_contact.hpp>
#include <ottla/kafka/internal/driver/librdkafka/last_receipt.hpp>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// Failed attempts before a broker is reported. One attempt may fail while a broker restarts.
constexpr std::size_t fewest_failures = 2;
/// While a handle needs a broker, librdkafka retries within `reconnect.backoff.max.ms`. So a
/// broker without an attempt for `longest_pause` is no longer needed.
constexpr auto longest_pause = 15s;

bool is_up(std::string_view state) {
  return state == "UP" || state == "UPDATE";
}

bool is_connecting(std::string_view state) {
  return state != "INIT" && state != "DOWN" && !is_up(state);
}

/// Returns `ssl://localhost:9093` for `ssl://localhost:9093/1`.
std::string_view without_id(std::string_view broker) {
  const auto slash = broker.rfind('/');
  const bool is_of_the_scheme
    = slash != std::string_view::npos && slash > 0 && broker[slash - 1] == '/';
  return is_of_the_scheme ? broker : broker.substr(0, slash);
}

} // namespace

void broker_contact::answered(time_point now) {
  const std::lock_guard lock{guard_};
  last_answer_ = now;
}

void broker_contact::served(std::string_view broker) {
  const auto name = without_id(broker);
  const std::lock_guard lock{guard_};
  if (!served_.contains(name))
    served_.emplace(name);
}

bool broker_contact::has_served(std::string_view broker) const {
  const std::lock_guard lock{guard_};
  return served_.contains(without_id(broker));
}

void broker_contact::state_changed(const std::string& broker, std::string_view state,
                                   time_point now) {
  const std::lock_guard lock{guard_};
  if (is_up(state)) {
    trying_.erase(broker);
    return;
  }
  if (is_connecting(state)) {
    auto& attempt = trying_[broker];
    attempt.connecting = true;
    attempt.last = now;
    return;
  }
  const auto found = trying_.find(broker);
  if (found == trying_.end() || !found->second.connecting)
    return;
  found->second.connecting = false;
  found->second.last = now;
  ++found->second.failed;
}

broker_view broker_contact::view(time_point now) const {
  broker_view seen;
  const std::lock_guard lock{guard_};
  if (last_answer_)
    seen.silent_for = std::chrono::duration_cast<std::chrono::milliseconds>(now - *last_answer_);
  for (const auto& [broker, attempt] : trying_)
    if (attempt.failed >= fewest_failures && now - attempt.last < longest_pause)
      seen.failing.push_back("no connection to " + broker);
  for (const auto& broker : owed_.silent(now, time_since_receipt))
    seen.failing.push_back("no answer from " + broker);
  return seen;
}

} // namespace ottla::kafka
