#pragma once

#include "support/line_process.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// A competitor in a separate process, which starts with the first command. The process lives as
/// long as this object, so it stays warm while its runs alternate with ours.
class peer {
public:
  /// `name` appears in errors. `program` answers each line with `ok FIGURE…` or `error TEXT`.
  peer(std::string name, std::string program);

  /// Returns the figures of the answer. Throws std::runtime_error if the peer answers an error.
  std::vector<double> ask(std::string_view command);

private:
  std::string name_;
  std::string program_;
  std::unique_ptr<line_process> process_;
};

} // namespace bench
