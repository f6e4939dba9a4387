#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/actors/start.hpp>
#include <ottla/configuration/internal/draft.hpp>
#include <ottla/configuration/internal/raw_value.hpp>
#include <ottla/kafka/consumer/assignor.hpp>
#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/consumer/group_consumer.hpp>
#include <ottla/kafka/producer/partitioner.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

// read() stores a raw value in a setting. It returns the fault, such as `must be true or false`, or
// an empty text. A fault does not quote the value, because a user may set any key to a password by
// mistake. Faults of brokers and topics come from the checks of the component kafka, which quote
// addresses and names of topics.

/// A list of brokers.
struct brokers_text {
  std::string& text;
};

/// A list of topics.
struct topic_names {
  std::vector<std::string>& topics;
};

/// A number of bytes.
struct byte_count {
  std::size_t& bytes;
};

struct optional_byte_count {
  std::optional<std::size_t>& bytes;
};

std::string read(std::string& to, const raw_value& from);
std::string read(bool& to, const raw_value& from);
std::string read(std::optional<bool>& to, const raw_value& from);
std::string read(std::size_t& to, const raw_value& from);
std::string read(double& to, const raw_value& from);
std::string read(byte_count to, const raw_value& from);
std::string read(optional_byte_count to, const raw_value& from);
std::string read(brokers_text to, const raw_value& from);
std::string read(topic_names to, const raw_value& from);
std::string read(assignor& to, const raw_value& from);
std::string read(worker_allocation& to, const raw_value& from);
std::string read(execution& to, const raw_value& from);
std::string read(std::optional<sasl_choice>& to, const raw_value& from);
std::string read(std::optional<partitioner>& to, const raw_value& from);
std::string read(begin_offset& to, const raw_value& from);
std::string read(std::chrono::milliseconds& to, const raw_value& from);
std::string read(std::chrono::microseconds& to, const raw_value& from);
std::string read(std::chrono::nanoseconds& to, const raw_value& from);

/// Returns the name of the type for the reference, for example `duration`.
std::string type_of(const std::string&);
std::string type_of(bool);
std::string type_of(const std::optional<bool>&);
std::string type_of(std::size_t);
std::string type_of(double);
std::string type_of(byte_count);
std::string type_of(optional_byte_count);
std::string type_of(brokers_text);
std::string type_of(topic_names);
std::string type_of(assignor);
std::string type_of(worker_allocation);
std::string type_of(execution);
std::string type_of(const std::optional<sasl_choice>&);
std::string type_of(const std::optional<partitioner>&);
std::string type_of(const begin_offset&);
std::string type_of(std::chrono::nanoseconds);

/// Returns the value as a file contains it, for the defaults in the reference. Empty for a value
/// that must be set.
std::string written(const std::string& value);
std::string written(bool value);
std::string written(const std::optional<bool>& value);
std::string written(std::size_t value);
std::string written(double value);
std::string written(byte_count value);
std::string written(optional_byte_count value);
std::string written(brokers_text value);
std::string written(topic_names value);
std::string written(assignor value);
std::string written(worker_allocation value);
std::string written(execution value);
std::string written(const std::optional<sasl_choice>& value);
std::string written(const std::optional<partitioner>& value);
std::string written(const begin_offset& value);
std::string written(std::chrono::nanoseconds value);

} // namespace ottla::kafka
