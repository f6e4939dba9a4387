#include "support/otp_peer.hpp"

#include <fmt/format.h>

#include <chrono>
#include <sstream>
#include <stdexcept>
#include <string>

namespace bench {

namespace {

constexpr std::chrono::minutes patience{5};

} // namespace

std::vector<double> otp_peer::ask(std::string_view command) {
  if (!process_)
    process_ = std::make_unique<line_process>(std::vector<std::string>{OTTLA_BENCH_OTP});
  std::istringstream answer{process_->ask(command, patience)};
  std::string verdict;
  answer >> verdict;
  if (verdict != "ok")
    throw std::runtime_error{fmt::format("OTP's \"{}\": {}", command, answer.str())};
  std::vector<double> figures;
  for (double one = 0; answer >> one;)
    figures.push_back(one);
  return figures;
}

} // namespace bench
