#include "run/pending_produces.hpp"

#include <fmt/format.h>

#include <utility>

namespace command {

namespace kafka = ottla::kafka;

namespace {

constexpr std::size_t most_records = 1'000;
constexpr std::size_t most_bytes = 256 * 1024;
/// Produces without an outcome. The producer's buffer limits their bytes.
constexpr std::size_t most_sent = 256;
/// Failures that are reported one by one.
constexpr std::uint64_t most_reported = 10;

} // namespace

pending_produces::pending_produces(kafka::producer to, std::string topic,
                                   std::chrono::milliseconds within, reporter& faults)
  : to_{std::move(to)}, topic_{std::move(topic)}, within_{within}, faults_{faults} {}

void pending_produces::add(input_record one, std::uint64_t line) {
  added_bytes_ += one.record.key.value_or("").size() + one.record.value.value_or("").size();
  ++added_records_;
  auto& into = added_[one.partition];
  into.records.records.push_back(std::move(one.record));
  into.lines.push_back(line);
  if (added_records_ >= most_records || added_bytes_ >= most_bytes)
    send();
}

void pending_produces::send() {
  for (auto& [partition, each] : added_) {
    each.records.topic = topic_;
    each.records.partition = partition;
    sent_.push_back({std::move(each.lines), to_.send(std::move(each.records), within_)});
  }
  added_.clear();
  added_records_ = added_bytes_ = 0;
  take_outcomes(false);
}

void pending_produces::take_outcomes(bool wait) {
  while (
    !sent_.empty()
    && (wait || sent_.size() > most_sent
        || sent_.front().outcome.wait_for(std::chrono::seconds{0}) == std::future_status::ready)) {
    auto first = std::move(sent_.front());
    sent_.pop_front();
    take(first, first.outcome.get());
  }
}

void pending_produces::take(const sent& of, const kafka::produced& outcome) {
  stored_ += outcome.stored;
  for (const auto& each : outcome.failures) {
    if (failed_++ < most_reported)
      faults_.fail(each.why, fmt::format("line {}{}", of.lines[each.index],
                                         each.may_be_stored ? ", which may be stored" : ""));
    status_ = first_failure(status_, status_of(each.why.code));
  }
}

} // namespace command
