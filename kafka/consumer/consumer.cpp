#include <ottla/kafka/consumer/consumer.hpp>
#include <ottla/kafka/internal/groupless/as_group_consumer.hpp>
#include <ottla/kafka/internal/settings/name_limits.hpp>
#include <ottla/kafka/internal/settings/time_limits.hpp>
#include <ottla/kafka/internal/settings/topic_name.hpp>
#include <ottla/kafka/internal/settings/worker_check.hpp>

#include <fmt/format.h>

#include <set>

namespace ottla::kafka {

namespace {

constexpr time_limits positive{std::chrono::milliseconds{1}, longest_time};

} // namespace

std::vector<std::string> validate(const consumer& settings) {
  std::vector<std::string> wrong;
  const auto complain = [&](const std::string& text) {
    wrong.push_back(fmt::format("consumer of \"{}\": {}", shown(settings.topic), text));
  };
  if (const auto fault = fault_of_topic(settings.topic))
    complain(*fault);
  std::set<std::int32_t> partitions;
  for (const auto partition : settings.partitions)
    if (partition < 0)
      complain(fmt::format("partitions must not be negative, got {}", partition));
    else if (!partitions.insert(partition).second)
      complain(fmt::format("partition {} is listed twice", partition));
  const auto shared = as_group_consumer(settings);
  check_workers(shared, complain);
  if (const auto* function = std::get_if<begin_function>(&settings.begin);
      function != nullptr && !*function)
    complain("begin is an empty function");
  check_begin("begin", shared.begin, complain);
  check_time("store_interval", settings.store_interval, positive, complain);
  return wrong;
}

} // namespace ottla::kafka
