#pragma once

namespace ottla::kafka {

// ASCII only, independent of the locale.

constexpr bool is_small(char one) noexcept {
  return one >= 'a' && one <= 'z';
}

constexpr bool is_capital(char one) noexcept {
  return one >= 'A' && one <= 'Z';
}

constexpr bool is_digit(char one) noexcept {
  return one >= '0' && one <= '9';
}

constexpr bool is_letter_or_digit(char one) noexcept {
  return is_small(one) || is_capital(one) || is_digit(one);
}

} // namespace ottla::kafka
