#pragma once

#include "support/line_process.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// What ours is compared with, in a process of its own, started with the first question. It lives
/// as long as this does, so that rounds of its and ours alternate, and it is warm.
class peer {
public:
  /// For errors; and the program, which answers each line with `ok FIGURE…` or `error TEXT`.
  peer(std::string name, std::string program);

  /// The figures it answers. Throws std::runtime_error for an error.
  std::vector<double> ask(std::string_view command);

private:
  std::string name_;
  std::string program_;
  std::unique_ptr<line_process> process_;
};

} // namespace bench
