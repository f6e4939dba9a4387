#pragma once

#include <librdkafka/rdkafka.h>

#include <string_view>

namespace ottla::kafka {

/// The whole name of a header that rd_kafka_header_get_all answered, NUL bytes in it included.
///
/// librdkafka keeps the length of a name, and hands the name out as a C string only. From 1.0 to
/// 2.16 the length stands in the same block of memory, before the pointer to the value that stands
/// before the name. The first call checks that with headers of its own. Where the check fails,
/// names end at their first NUL byte.
std::string_view header_name(const char* from_librdkafka) noexcept;

} // namespace ottla::kafka
