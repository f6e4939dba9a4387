#pragma once

#include <librdkafka/rdkafka.h>

#include <string_view>

namespace ottla::kafka {

/// The whole name of a header from rd_kafka_header_get_all, including NUL bytes.
///
/// librdkafka stores the length of a name, but returns the name only as a C string. From 1.0 to
/// 2.16 one block of memory holds the length, the pointer to the value, and the name, in this
/// order. The first call checks that layout with headers of its own. If the check fails, names end
/// at their first NUL byte.
std::string_view header_name(const char* from_librdkafka) noexcept;

} // namespace ottla::kafka
