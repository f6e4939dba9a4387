#include "support/fresh_process.hpp"

#include "support/line_process.hpp"

#include <fmt/format.h>

#include <chrono>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace bench {

namespace {

constexpr std::chrono::minutes patience{5};

} // namespace

std::vector<double> ask_fresh_process(std::vector<std::string> arguments, std::size_t figures) {
  arguments.insert(arguments.begin(), "/proc/self/exe");
  line_process alone{std::move(arguments)};
  std::istringstream answer{alone.read(patience)};
  std::vector<double> result(figures);
  for (auto& one : result)
    if (!(answer >> one))
      throw std::runtime_error{
        fmt::format("unexpected output of a fresh process: \"{}\"", answer.str())};
  return result;
}

} // namespace bench
