#pragma once

#include <librdkafka/rdkafka.h>

#include <string_view>

namespace ottla::kafka {

/// Returns the whole name of a header, including NUL bytes. The argument comes from
/// rd_kafka_header_get_all.
///
/// librdkafka stores the length of a name, and returns the name as a C string without the length.
/// From 1.0 to 2.16 one block of memory holds the length, the pointer to the value, and the name,
/// in this order. The first call checks this layout with test headers. If the check fails, names
/// end at their first NUL byte.
std::string_view header_name(const char* from_librdkafka) noexcept;

} // namespace ottla::kafka
