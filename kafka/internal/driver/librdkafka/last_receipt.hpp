#pragma once

#include <chrono>
#include <optional>

namespace ottla::kafka {

/// Returns the time since a TCP socket last received data, including parts of an incomplete
/// response. Returns nullopt if `socket` is not a TCP socket, or if the system does not report the
/// time.
std::optional<std::chrono::milliseconds> time_since_receipt(int socket);

} // namespace ottla::kafka
