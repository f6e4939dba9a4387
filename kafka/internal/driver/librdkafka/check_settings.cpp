#include <ottla/kafka/internal/driver/check_settings.hpp>
#include <ottla/kafka/internal/driver/librdkafka/configuration.hpp>
#include <ottla/kafka/internal/driver/librdkafka/topic_configuration.hpp>

#include <algorithm>

namespace ottla::kafka {

namespace {

template <class Check>
std::vector<std::string> check_each(const handle_settings& what, Check check) {
  std::vector<std::string> lines;
  const auto try_out = [&](configuration conf, rd_kafka_type_t type) {
    check(conf, type);
    for (const auto& line : conf.refusals())
      if (std::ranges::find(lines, line) == lines.end())
        lines.push_back(line);
  };
  if (what.consuming)
    try_out(configure_consumer(what.common, *what.consuming), RD_KAFKA_CONSUMER);
  if (what.producing)
    try_out(configure_producer(what.common, *what.producing), RD_KAFKA_PRODUCER);
  if (!what.consuming && !what.producing) {
    configuration conf{what.common};
    conf.set_extra(what.common.extra);
    try_out(std::move(conf), RD_KAFKA_PRODUCER);
  }
  return lines;
}

} // namespace

std::vector<std::string> refused_settings(const handle_settings& what) {
  auto lines = check_each(what, [](configuration& conf, rd_kafka_type_t) { conf.check(); });
  for (const auto& topic : what.topics)
    for (const auto& line : refused_topic_settings(topic))
      lines.push_back(line);
  return lines;
}

std::vector<std::string> refused_combinations(const handle_settings& what) {
  return check_each(what, [](configuration& conf, rd_kafka_type_t type) { conf.try_out(type); });
}

} // namespace ottla::kafka
