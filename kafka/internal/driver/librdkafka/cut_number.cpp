#include <ottla/kafka/internal/driver/librdkafka/cut_number.hpp>
#include <ottla/kafka/internal/driver/librdkafka/mask_of_settings.hpp>

#include <cstdlib>
#include <optional>

namespace ottla::kafka {

namespace {

/// Parses a number in the bases that librdkafka accepts. Returns nullopt if the text is not a
/// number or does not end after the number.
std::optional<long> number_in(const std::string& text) {
  char* end = nullptr;
  const auto number = std::strtol(text.c_str(), &end, 0);
  return end != text.c_str() && *end == '\0' ? std::optional{number} : std::nullopt;
}

} // namespace

bool was_cut(const rd_kafka_conf_t* conf, const std::string& key, const std::string& value) {
  const auto given = number_in(value);
  const auto kept = number_in(value_of(conf, key.c_str()));
  return given && kept && *given != *kept;
}

} // namespace ottla::kafka
