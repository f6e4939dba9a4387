#include <ottla/kafka/internal/producer/producer_health.hpp>
#include <ottla/kafka/process_names.hpp>

#include <fmt/format.h>

namespace ottla::kafka {

namespace {

/// True if the record itself is at fault, or the producer is closing. Such a failure is not a fault
/// of the producer.
bool is_fault_of_the_record(const error& what) {
  return what.code == errc::record_too_large || what.code == errc::closed
         || what.code == errc::bad_setting;
}

} // namespace

void producer_health::failed(const error& what) {
  if (what.fatal)
    board_->note(health_state::degraded, std::string{shared_producer_name}, to_string(what));
  else if (what.code == errc::unreachable || what.code == errc::authentication_failed)
    board_->note(state_of(what), std::string{brokers_health}, to_string(what));
  else if (state_of(what) == health_state::stalled)
    board_->note(health_state::stalled, std::string{shared_producer_name}, to_string(what));
}

void producer_health::reported(const std::string& topic, std::size_t stored, const delivered& how) {
  const auto what = producer_name(topic);
  if (stored > 0) {
    board_->clear(shared_producer_name);
    board_->clear(what);
  }
  std::size_t failures = 0;
  const error* last = nullptr;
  for (const auto& failure : how.failures)
    if (!is_fault_of_the_record(failure.why)) {
      ++failures;
      last = &failure.why;
    }
  if (last != nullptr)
    board_->note(state_of(*last), what,
                 fmt::format("{} of {} records were not confirmed as stored: {}", failures,
                             stored + how.failures.size(), to_string(*last)));
}

bool producer_health::is_in_doubt() const {
  return board_->holds(shared_producer_name) || board_->holds_below(producer_name(""));
}

} // namespace ottla::kafka
