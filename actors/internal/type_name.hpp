#pragma once

#include <string>
#include <typeinfo>

namespace ottla::detail {

/// The name of a type as in the source: `shop::price_feed`.
std::string type_name(const std::type_info& type);

} // namespace ottla::detail
