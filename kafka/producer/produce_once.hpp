#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/producer/produce.hpp>
#include <ottla/kafka/record.hpp>
#include <ottla/kafka/result.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Produces records without a connection: opens a Kafka handle, sends the records at once, waits
/// for their outcome and closes the handle. Each call connects to the brokers again, so programs
/// that produce often use a connection.
///
/// Blocks for up to `within`, so call it from main or from a thread of the program, never from a
/// handler. The answer has the outcome of each record. A record without an answer at the deadline
/// is record_state::unknown if it was sent, otherwise record_state::not_stored. If the settings,
/// the topic or `within` are invalid, the function sends nothing and returns an error of code
/// bad_setting. (Elsa.produce with brokers.)
result<produced> produce_once(const cluster_settings& cluster, const std::string& topic,
                              std::vector<record> records,
                              saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka
