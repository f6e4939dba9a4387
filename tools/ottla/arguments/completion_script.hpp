#pragma once

#include <string>

namespace CLI {
class App;
}

namespace command {

/// A script for bash that completes the commands, the options and the fixed values of a command
/// line.
std::string completion_script(const CLI::App& app);

} // namespace command
