// Does any list of brokers crash the parser, or change when it is written and parsed again?
#include <ottla/kafka/internal/settings/broker_list.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace ottla::kafka;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto list = parse_brokers({reinterpret_cast<const char*>(data), size});
  if (!list.faults.empty())
    return 0;
  const auto again = parse_brokers(to_string(list));
  if (!again.faults.empty() || again.brokers != list.brokers)
    std::abort();
  for (const auto& each : list.brokers)
    if (each.host.empty() || each.port == 0)
      std::abort();
  return 0;
}
