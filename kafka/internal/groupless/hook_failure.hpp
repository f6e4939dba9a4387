#pragma once

#include <ottla/kafka/error.hpp>

#include <functional>
#include <optional>
#include <string_view>

namespace ottla::kafka {

/// Calls a function of the program. Returns the error of an exception: `store_offsets threw: no
/// database`.
std::optional<error> failure_of(std::string_view name, const std::function<void()>& call);

} // namespace ottla::kafka
