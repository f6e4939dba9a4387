#include "support/peer.hpp"

#include <fmt/format.h>

#include <chrono>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace bench {

namespace {

constexpr std::chrono::minutes patience{5};

} // namespace

peer::peer(std::string name, std::string program)
  : name_{std::move(name)}, program_{std::move(program)} {}

std::vector<double> peer::ask(std::string_view command) {
  if (!process_)
    process_ = std::make_unique<line_process>(std::vector<std::string>{program_});
  std::istringstream answer{process_->ask(command, patience)};
  std::string verdict;
  answer >> verdict;
  if (verdict != "ok")
    throw std::runtime_error{fmt::format("{} failed at \"{}\": {}", name_, command, answer.str())};
  std::vector<double> figures;
  for (double one = 0; answer >> one;)
    figures.push_back(one);
  return figures;
}

} // namespace bench
