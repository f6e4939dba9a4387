#pragma once

namespace ottla::detail {

/// Ends the process with this status. Skips destructors and exit handlers, because these would
/// destroy objects that stuck message handlers may still use. Pending lines for stderr get half a
/// second, and the buffers of stdio a quarter of a second. The buffer of a stream is lost if the
/// stream's lock is held, or if its reader is stuck.
[[noreturn]] void leave_process(int status) noexcept;

} // namespace ottla::detail
