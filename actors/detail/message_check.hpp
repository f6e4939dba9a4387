#pragma once

#include <string_view>
#include <type_traits>

// Compile-time checks of OTTLA_MESSAGES. Each mistake causes one compiler error with ottla's text.

namespace ottla::detail {

/// True if the type, whose name starts with ottla_scope_of_, is declared in the global namespace.
template <class Scope>
constexpr bool is_outermost() {
  return std::string_view{__PRETTY_FUNCTION__}.find("Scope = ottla_scope_of_")
         != std::string_view::npos;
}

} // namespace ottla::detail

#define OTTLA_CHECK_SCOPE(block)                                                                   \
  struct ottla_scope_of_##block;                                                                   \
  static_assert(::ottla::detail::is_outermost<ottla_scope_of_##block>(),                           \
                "ottla: OTTLA_MESSAGES must be outside of every namespace and class");

#define OTTLA_MESSAGE_NOT_COPYABLE                                                                 \
  "ottla: a message must be copyable (a std::shared_ptr makes any member copyable)"

#define OTTLA_CHECK_COPYABLE(...)                                                                  \
  static_assert(std::is_copy_constructible_v<__VA_ARGS__>, OTTLA_MESSAGE_NOT_COPYABLE);
