// Does any text of a file or of a variable crash load_settings, or appear in a fault as a secret?
#include <ottla/configuration/load_settings.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace ottla::kafka;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text{reinterpret_cast<const char*>(data), size};
  // The part after the last NUL is the value of a variable.
  const auto nul = text.rfind('\0');
  environment variables{{"OTTLA_CONNECTIONS", "orders"}};
  if (nul != std::string_view::npos) {
    const std::string value{text.substr(nul + 1)};
    for (const auto* name :
         {"OTTLA_ORDERS_BROKERS", "OTTLA_ORDERS_METADATA_INTERVAL", "OTTLA_ORDERS_PRODUCERS",
          "OTTLA_ORDERS_PRODUCING_BUFFER_BYTES", "OTTLA_ORDERS_GROUP_CONSUMER_BEGIN",
          "OTTLA_ORDERS_GROUP_CONSUMER_WORKER_RESTARTS_JITTER", "OTTLA_ORDERS_SECURITY_TLS_KEY"})
      variables[name] = value;
    text = text.substr(0, nul);
  }
  const auto loaded = parse_settings(text, "f", variables);
  if (!loaded.faults.empty() && !loaded.connections.empty())
    std::abort();
  for (const auto& fault : loaded.faults)
    if (!fault.starts_with("f:") && !fault.starts_with("OTTLA_"))
      std::abort();
  return 0;
}
