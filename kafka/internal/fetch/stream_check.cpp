#include <ottla/kafka/internal/fetch/stream_check.hpp>
#include <ottla/kafka/internal/settings/topic_name.hpp>

#include <set>
#include <variant>

namespace ottla::kafka {

std::optional<std::string> fault_of_stream(const stream_settings& what,
                                           std::chrono::milliseconds within) {
  std::string faults;
  const auto add
    = [&](const std::string& fault) { faults += (faults.empty() ? "" : "; ") + fault; };
  const auto check = [&](const char* name, std::int64_t value, const char* unit = "") {
    if (value < 0)
      add(std::string{name} + " must not be negative, got " + std::to_string(value) + unit);
  };
  if (const auto fault = fault_of_topic(what.topic))
    add(*fault);
  std::set<std::int32_t> seen;
  for (const auto partition : what.partitions) {
    check("partitions", partition);
    if (!seen.insert(partition).second)
      add("partitions names partition " + std::to_string(partition) + " twice");
  }
  if (const auto* number = std::get_if<at_offset>(&what.from))
    check("from", number->offset);
  if (const auto* number = std::get_if<below>(&what.until))
    check("until", number->offset);
  check("patience", what.patience.count(), "ms");
  check("within", within.count(), "ms");
  if (what.ahead_bytes == 0)
    add("ahead_bytes must not be 0");
  return faults.empty() ? std::nullopt : std::optional{std::move(faults)};
}

} // namespace ottla::kafka
