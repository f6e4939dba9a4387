#include <ottla/kafka/fetch/stream_process.hpp>
#include <ottla/kafka/internal/driver/check_settings.hpp>
#include <ottla/kafka/internal/driver/librdkafka_driver.hpp>
#include <ottla/kafka/internal/fetch/stream_check.hpp>
#include <ottla/kafka/internal/fetch/stream_server.hpp>
#include <ottla/kafka/internal/settings/connection_check.hpp>
#include <ottla/kafka/internal/settings/name_limits.hpp>

#include <fmt/format.h>

#include <utility>

namespace ottla::kafka {

namespace {

std::vector<std::string> check_stream(const stream_process& settings, bool on_librdkafka) {
  std::vector<std::string> wrong;
  const auto complain = [&](const std::string& line) {
    wrong.push_back(fmt::format("stream \"{}\": {}", shown(settings.name), line));
  };
  if (settings.name.empty())
    complain("name must not be empty");
  for (const auto& line : check_cluster(settings.cluster, on_librdkafka))
    complain(line);
  if (const auto faults = fault_of_stream(settings.what, settings.open_within))
    complain(*faults);
  if (settings.what.on_progress)
    complain("on_progress must be null, since each part has the progress");
  if (on_librdkafka && wrong.empty())
    for (const auto& line : refused_settings({.common = settings.cluster}))
      complain(line);
  return wrong;
}

child_spec make_spec(const stream_process& settings, std::shared_ptr<driver> seam,
                     std::vector<std::string> faults) {
  return {.id = settings.name,
          .start
          = start<stream_server>(std::move(seam), settings, std::make_shared<stream_position>()),
          .name = settings.name,
          .faults = std::move(faults)};
}

} // namespace

std::vector<std::string> validate(const stream_process& settings) {
  return check_stream(settings, true);
}

stream_process::operator child_spec() const {
  return make_spec(*this, make_librdkafka_driver(cluster), validate(*this));
}

child_spec stream_process_on(std::shared_ptr<driver> seam, const stream_process& settings) {
  return make_spec(settings, std::move(seam), check_stream(settings, false));
}

} // namespace ottla::kafka
