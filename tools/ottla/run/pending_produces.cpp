#include "run/pending_produces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace command {

namespace kafka = ottla::kafka;

namespace {

constexpr std::size_t most_records = 1'000;
constexpr std::size_t most_bytes = 512 * 1024;
/// What the producer's buffer counts for each record in addition.
constexpr std::size_t overhead = 256;
/// Produces without an outcome. The producer's buffer limits their bytes.
constexpr std::size_t most_sent = 256;
/// Failures that are reported one by one.
constexpr std::uint64_t most_reported = 10;

std::size_t size_of(const std::optional<std::string>& text) {
  return text ? text->size() : 0;
}

std::size_t size_of(const kafka::record& one) {
  auto bytes = overhead + size_of(one.key) + size_of(one.value);
  for (const auto& [name, value] : one.headers)
    bytes += name.size() + size_of(value);
  return bytes;
}

} // namespace

pending_produces::pending_produces(kafka::producer to, std::string topic,
                                   std::chrono::milliseconds within, std::size_t buffer_bytes,
                                   reporter& faults, std::function<bool()> is_interrupted)
  : to_{std::move(to)},
    topic_{std::move(topic)},
    within_{within},
    // The buffer has room for several produces.
    most_bytes_{std::min(most_bytes, buffer_bytes / 4)},
    faults_{faults},
    is_interrupted_{std::move(is_interrupted)} {}

void pending_produces::add(input_record one, std::uint64_t line) {
  added_bytes_ += size_of(one.record);
  ++added_records_;
  auto& into = added_[one.partition];
  into.records.records.push_back(std::move(one.record));
  into.lines.push_back(line);
  if (added_records_ >= most_records || added_bytes_ >= most_bytes_)
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
    const auto line = of.lines[each.index];
    if (!is_interrupted_() && not_stored_.records + unknown_.records < most_reported)
      faults_.fail(each.why, fmt::format("line {}{}", line,
                                         each.may_be_stored ? ", which may be stored" : ""));
    (each.may_be_stored ? unknown_ : not_stored_).add(line);
    status_ = first_failure(status_, status_of(each.why.code));
  }
}

} // namespace command
