#include <ottla/kafka/internal/partition/copied_batch.hpp>

#include <algorithm>
#include <string_view>

namespace ottla::kafka {

std::shared_ptr<const copied_batch> copied_batch::of(std::span<const message> originals) {
  auto copy = std::make_shared<copied_batch>();
  std::size_t size = 0;
  for (const auto& one : originals)
    size += one.key().size() + one.value().size();
  copy->bytes_ = std::make_unique_for_overwrite<char[]>(size);
  copy->rests_.reserve(originals.size());
  copy->messages_.reserve(originals.size());
  auto* to = copy->bytes_.get();
  const auto store = [&to](std::string_view what, bool is_there) {
    if (!is_there)
      return std::string_view{};
    const auto* from = to;
    to = std::ranges::copy(what, to).out;
    return std::string_view{from, what.size()};
  };
  for (const auto& one : originals) {
    auto& rest = copy->rests_.emplace_back(copied_batch::rest{one.timestamp(), {}});
    for (const auto& [name, value] : one.headers())
      rest.headers.push_back({std::string{name}, std::string{value}, value.data() != nullptr});
    const auto key = store(one.key(), one.has_key());
    const auto value = store(one.value(), one.has_value());
    copy->messages_.emplace_back(one.offset(), key, value, copy.get(), &rest);
  }
  return copy;
}

std::optional<std::chrono::system_clock::time_point>
copied_batch::timestamp(const message& of) const {
  return static_cast<const rest*>(of.raw())->timestamp;
}

std::vector<header> copied_batch::headers(const message& of) const {
  std::vector<header> all;
  for (const auto& one : static_cast<const rest*>(of.raw())->headers)
    all.push_back({one.name, one.has_value ? std::string_view{one.value} : std::string_view{}});
  return all;
}

} // namespace ottla::kafka
