#pragma once

#include <ottla/actors/stderr_lines.hpp>

#include "stderr_stand_in.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <unistd.h>

namespace ottla::test {

/// Returns what is printed on stderr while `meanwhile` runs.
inline std::string printed(const std::function<void()>& meanwhile) {
  auto* const file = std::tmpfile();
  {
    const stderr_stand_in instead{dup(fileno(file))};
    meanwhile();
    CHECK(flush_lines(std::chrono::seconds{30}));
  }
  std::rewind(file);
  std::string text;
  for (std::array<char, 256> part{}; std::fgets(part.data(), part.size(), file) != nullptr;)
    text += part.data();
  std::fclose(file);
  return text;
}

} // namespace ottla::test
