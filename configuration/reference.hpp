#pragma once

#include <string>

namespace ottla::kafka {

/// Lists all keys with their types, defaults and meanings as Markdown, from the table that
/// load_settings reads too.
std::string settings_reference();

} // namespace ottla::kafka
