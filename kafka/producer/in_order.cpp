#include <ottla/kafka/producer/in_order.hpp>

#include <fmt/format.h>

namespace ottla::kafka {

std::string to_string(const produced_in_order& outcome) {
  const auto all = outcome.stored + outcome.not_stored.size() + outcome.unknown.size();
  auto line = fmt::format("{} of {} records are stored", outcome.stored, all);
  if (!outcome.unknown.empty())
    line += fmt::format(", the outcome of {} is unknown", outcome.unknown.size());
  if (outcome.why)
    line += ", then: " + to_string(*outcome.why);
  return line;
}

} // namespace ottla::kafka
