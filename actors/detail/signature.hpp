#pragma once

#include <cstddef>
#include <tuple>

namespace ottla::detail {

/// Result and arguments of a lambda, a function object with one operator(), or a function.
template <class Function>
struct signature : signature<decltype(&Function::operator())> {};

template <class Result, class... Args>
struct signature<Result (*)(Args...)> {
  using result = Result;
  using arguments = std::tuple<Args...>;
};
template <class Result, class... Args>
struct signature<Result (*)(Args...) noexcept> : signature<Result (*)(Args...)> {};
template <class Class, class Result, class... Args>
struct signature<Result (Class::*)(Args...)> : signature<Result (*)(Args...)> {};
template <class Class, class Result, class... Args>
struct signature<Result (Class::*)(Args...) const> : signature<Result (*)(Args...)> {};
template <class Class, class Result, class... Args>
struct signature<Result (Class::*)(Args...) noexcept> : signature<Result (*)(Args...)> {};
template <class Class, class Result, class... Args>
struct signature<Result (Class::*)(Args...) const noexcept> : signature<Result (*)(Args...)> {};

template <class Function>
inline constexpr bool has_signature = requires {
  &Function::operator();
};
template <class Result, class... Args>
inline constexpr bool has_signature<Result (*)(Args...)> = true;
template <class Result, class... Args>
inline constexpr bool has_signature<Result (*)(Args...) noexcept> = true;

#define OTTLA_ONE_SIGNATURE                                                                        \
  "ottla: a handler must be a function or a lambda with one operator() and must name the type of " \
  "its message, not auto"

template <class Function>
using result_of = typename signature<Function>::result;

template <class Function, std::size_t Index>
using argument_of = std::tuple_element_t<Index, typename signature<Function>::arguments>;

template <class Function>
inline constexpr std::size_t argument_count
  = std::tuple_size_v<typename signature<Function>::arguments>;

} // namespace ottla::detail
