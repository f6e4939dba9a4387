#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>

namespace ottla::kafka::test {

/// The script broker/kafka, for a cluster whose files are in `folder` and whose ports begin at
/// `port`.
struct cluster_script {
  std::string folder;
  std::uint16_t port;

  /// Runs the script with these arguments. Returns the first line of its output.
  std::string run(const std::string& arguments) const {
    const auto command = fmt::format("OTTLA_BROKER_PORT={} OTTLA_BROKER_FOLDER='{}' '{}' {}", port,
                                     folder, OTTLA_BROKER_SCRIPT, arguments);
    std::string printed;
    auto* output = popen(command.c_str(), "re");
    if (output == nullptr)
      return printed;
    std::array<char, 512> bytes{};
    while (std::fgets(bytes.data(), static_cast<int>(bytes.size()), output) != nullptr)
      printed += bytes.data();
    pclose(output);
    return printed.substr(0, printed.find('\n'));
  }
};

} // namespace ottla::kafka::test
