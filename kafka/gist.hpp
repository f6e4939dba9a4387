#pragma once

#include <string>
#include <string_view>

namespace ottla::kafka {

/// What a text says, without what differs each time that the same failure is told: times,
/// durations, counts, the ids of brokers, and ports of the client's own sockets.
///
/// The text may come from anybody and be of any length: time is linear in its size, and the depth
/// of the stack does not depend on it.
std::string gist_of(std::string_view text);

} // namespace ottla::kafka
