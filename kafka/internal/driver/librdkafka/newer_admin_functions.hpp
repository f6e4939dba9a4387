#pragma once

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace ottla::kafka {

// Admin functions that librdkafka 2.0.2 does not have. A program that was compiled with older
// headers uses the functions too if its librdkafka has them.

/// Whether alter_incrementally() can be called. From librdkafka 2.2.
bool can_alter_incrementally() noexcept;

/// Adds a change of one config to `owner`. nullopt removes the value. Returns null on success. The
/// caller owns the error.
rd_kafka_error_t* add_change(rd_kafka_ConfigResource_t* owner, const std::string& name,
                             const std::optional<std::string>& value);

void alter_incrementally(rd_kafka_t* native, rd_kafka_ConfigResource_t* owner,
                         const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* answers);

/// The owners in the answer to alter_incrementally().
std::span<const rd_kafka_ConfigResource_t* const> altered_owners(rd_kafka_event_t* event);

/// Whether ask_for_ids() can be called. From librdkafka 2.3.
bool can_ask_for_ids() noexcept;

void ask_for_ids(rd_kafka_t* native, std::span<const std::string> topics,
                 const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* answers);

/// The ids of topics in the answer to ask_for_ids().
std::map<std::string, std::string> ids_in(rd_kafka_event_t* event);

} // namespace ottla::kafka
