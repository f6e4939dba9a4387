#pragma once

#include <chrono>
#include <optional>

namespace ottla::kafka {

/// How long ago the system last received data on a TCP socket, also parts of an answer that is not
/// complete yet. nullopt: no TCP socket has this number, or the system does not tell.
std::optional<std::chrono::milliseconds> time_since_receipt(int socket);

} // namespace ottla::kafka
