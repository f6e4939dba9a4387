#pragma once

#include <ottla/actors/link.hpp>

namespace ottla::detail {

/// A link is two records, one attached to each process. A record reports the end of its process to
/// the other. A process accepts such an exit only while its own record exists. So an unlink takes
/// effect at once, and an exit that is reported twice counts once.
struct links {
  static void make(process& self, const process_ref& whom);
  static void remove(process& self, const process_ref& whom);

  /// Handles an exit from a linked process.
  static void ended(process& self, const link_exit& what);
};

} // namespace ottla::detail
