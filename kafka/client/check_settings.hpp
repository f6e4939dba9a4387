#pragma once

#include <ottla/kafka/client_settings.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// The settings of a connection's handles; a handle that is not wanted has none.
struct handle_settings {
  client_settings common;
  std::optional<consumer_settings> consuming = std::nullopt;
  std::optional<producer_settings> producing = std::nullopt;
};

/// The brokers, keys and files that librdkafka refuses or cannot use, one line each; each refusal
/// once, though all handles share it. Asks nobody.
std::vector<std::string> refused_settings(const handle_settings& what);

/// Settings that contradict each other and files that do not belong together, as librdkafka finds
/// them when it opens a handle: of each handle the first. Asks nobody. Only for settings that are
/// not refused one by one.
std::vector<std::string> refused_combinations(const handle_settings& what);

} // namespace ottla::kafka
