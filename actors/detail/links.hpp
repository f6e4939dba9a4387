#pragma once

#include <ottla/actors/link.hpp>

namespace ottla::detail {

/// A link is two records, one attached to each end, that tell the other end of the death of the one
/// that they are attached to. A process heeds such an exit only while its own record is there, so
/// an unlink counts from the moment it was made, and an exit that is told twice counts once.
struct links {
  static void make(process& self, const process_ref& whom);
  static void remove(process& self, const process_ref& whom);

  /// An exit has come.
  static void ended(process& self, const link_exit& what);
};

} // namespace ottla::detail
