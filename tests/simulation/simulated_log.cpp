#include "simulated_log.hpp"

#include <algorithm>
#include <utility>

namespace ottla::kafka::simulation {

void simulated_log::append(std::uint64_t serial, std::string key) {
  entries_.push_back({end_++, serial, std::move(key)});
}

void simulated_log::retain_from(std::int64_t offset) {
  begin_ = std::clamp(offset, begin_, stable_end());
  entries_.erase(entries_.cbegin(), at(begin_));
}

void simulated_log::remove(std::size_t index) {
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(index));
}

void simulated_log::truncate(std::int64_t end) {
  end_ = std::clamp(end, begin_, end_);
  if (transaction_ && *transaction_ > end_)
    transaction_.reset();
  entries_.erase(at(end_), entries_.cend());
}

void simulated_log::begin_transaction() {
  if (!transaction_)
    transaction_ = end_;
}

void simulated_log::end_transaction(bool abort) {
  if (!transaction_)
    return;
  if (abort)
    entries_.erase(at(*transaction_), entries_.cend());
  transaction_.reset();
  skip(1);
}

std::vector<log_entry> simulated_log::read(std::int64_t from, std::size_t most) const {
  const auto first = at(from);
  const auto count = std::min(
    most, static_cast<std::size_t>(std::max<std::ptrdiff_t>(at(stable_end()) - first, 0)));
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

std::deque<log_entry>::const_iterator simulated_log::at(std::int64_t offset) const {
  return std::ranges::lower_bound(entries_, offset, {}, &log_entry::offset);
}

} // namespace ottla::kafka::simulation
