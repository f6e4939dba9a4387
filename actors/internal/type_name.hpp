#pragma once

#include <string>
#include <typeinfo>

namespace ottla::detail {

/// The name of a type as in source code: `shop::price_feed`.
std::string type_name(const std::type_info& type);

} // namespace ottla::detail
