#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/client/client.hpp>

#include <memory>

namespace ottla::kafka {

/// The real thing. Opening a handle connects to nobody yet: a broker out of reach shows in events.
std::shared_ptr<client> make_librdkafka_client(client_settings settings);

/// Waits until every handle that was let go of is destroyed, at most `within`. Answers how many
/// are left. Zero or less does not wait. A program that does not use `run` calls this at its end,
/// so that groups are left and memory is given back.
std::size_t await_reaped(saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka
