#pragma once

#include <ottla/actors/exit_reason.hpp>

#include <doctest/doctest.h>

#include <optional>

// How doctest prints ottla's types in a failed check.

template <>
struct doctest::StringMaker<ottla::exit_reason> {
  static String convert(const ottla::exit_reason& reason) {
    return ottla::to_string(reason).c_str();
  }
};

template <>
struct doctest::StringMaker<caf::error> {
  static String convert(const caf::error& error) {
    return ottla::to_string(ottla::to_exit_reason(error)).c_str();
  }
};

template <class T>
struct doctest::StringMaker<std::optional<T>> {
  static String convert(const std::optional<T>& maybe) {
    return maybe ? doctest::toString(*maybe) : "nothing";
  }
};
