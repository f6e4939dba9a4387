// Does any KAFKA_URL crash the reader, or become a list of brokers that the core rejects?
#include <ottla/configuration/heroku.hpp>
#include <ottla/kafka/internal/settings/broker_list.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace ottla::kafka;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string url{reinterpret_cast<const char*>(data), size};
  const auto read = read_heroku_settings({{"KAFKA_URL", url}, {"KAFKA_TRUSTED_CERT", url}});
  if (read.faults.empty() == read.brokers.empty())
    std::abort();
  if (!read.brokers.empty() && !parse_brokers(read.brokers).faults.empty())
    std::abort();
  if (!read.faults.empty() && read.security.tls)
    std::abort();
  return 0;
}
