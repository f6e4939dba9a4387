#include <ottla/kafka/internal/producer/chunk_plan.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace ottla::kafka {

namespace {

/// Elsa's allowance for the timestamp of a record.
constexpr std::size_t timestamp_bytes = 10;

} // namespace

chunk_plan::chunk_plan(std::vector<record> records, std::size_t chunk_bytes)
  : records_{std::move(records)}, chunk_bytes_{chunk_bytes} {
  const auto too_large = std::ranges::find_if(
    records_, [&](const auto& one) { return bytes_of(one) >= chunk_bytes_; });
  if (too_large != records_.end())
    why_ = error{.code = errc::record_too_large,
                 .text = fmt::format(
                   "records[{}] counts {} bytes, and must count less than chunk_bytes, which is {}",
                   too_large - records_.begin(), bytes_of(*too_large), chunk_bytes_)};
  else
    end_ = end_of_chunk(0);
}

std::size_t chunk_plan::bytes_of(const record& one) noexcept {
  const auto size = [](const auto& text) { return text ? text->size() : 0; };
  auto bytes = timestamp_bytes + size(one.key) + size(one.value);
  for (const auto& [name, value] : one.headers)
    bytes += name.size() + size(value);
  return bytes;
}

std::span<const record> chunk_plan::chunk() const noexcept {
  if (is_over())
    return {};
  return std::span{records_}.subspan(first_, end_ - first_);
}

std::size_t chunk_plan::end_of_chunk(std::size_t first) const noexcept {
  std::size_t bytes = 0;
  auto end = first;
  while (end < records_.size()) {
    bytes += bytes_of(records_[end]);
    if (bytes >= chunk_bytes_)
      break;
    ++end;
  }
  return end;
}

void chunk_plan::answered(std::vector<failure> failures) {
  assert(!is_over());
  if (failures.empty()) {
    first_ = std::exchange(end_, end_of_chunk(end_));
    return;
  }
  std::ranges::stable_sort(failures, {}, &failure::index);
  // clang 14 rejects std::ranges::unique.
  failures.erase(
    std::unique(failures.begin(), failures.end(),
                [](const failure& one, const failure& other) { return one.index == other.index; }),
    failures.end());
  assert(failures.back().index < end_ - first_);
  was_sent_ = true;
  why_ = failures.front().why;
  failures_ = std::move(failures);
}

void chunk_plan::refused(error why) {
  assert(!is_over());
  why_ = std::move(why);
}

produced_in_order chunk_plan::outcome() && {
  produced_in_order result{.stored = first_, .why = std::move(why_)};
  auto next_not_sent = first_;
  if (was_sent_) {
    result.stored += end_ - first_ - failures_.size();
    for (const auto& each : failures_)
      (each.may_be_stored ? result.unknown : result.not_stored)
        .push_back(std::move(records_[first_ + each.index]));
    next_not_sent = end_;
  }
  std::move(records_.begin() + static_cast<std::ptrdiff_t>(next_not_sent), records_.end(),
            std::back_inserter(result.not_stored));
  return result;
}

} // namespace ottla::kafka
