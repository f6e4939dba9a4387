#pragma once

#include <ottla/supervision/process_event.hpp>

#include <string>

namespace ottla::detail {

/// An observer that calls `inner` and keeps its exceptions away from the supervisors, which would
/// end. Prints the first exception to stderr, and drops all later ones. Null if `inner` is null.
process_observer shield_observer(process_observer inner, std::string application);

} // namespace ottla::detail
