#pragma once

#include <chrono>
#include <optional>

namespace ottla::kafka {

/// How long ago a TCP socket last received data, including parts of an incomplete answer. nullopt:
/// `socket` is no TCP socket, or the system does not report the time.
std::optional<std::chrono::milliseconds> time_since_receipt(int socket);

} // namespace ottla::kafka
