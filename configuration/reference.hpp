#pragma once

#include <string>

namespace ottla::kafka {

/// Returns a Markdown table of all keys with their variables, types, defaults and meanings.
/// load_settings uses the same list of keys.
std::string settings_reference();

} // namespace ottla::kafka
