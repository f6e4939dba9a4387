#include <ottla/actors/exit_reason.hpp>

namespace ottla {

std::string to_string(const exit_reason& reason) {
  std::string result;
  switch (reason.what) {
    case exit_reason::kind::normal: result = "normal"; break;
    case exit_reason::kind::shutdown: result = "shutdown"; break;
    case exit_reason::kind::killed: result = "killed"; break;
    case exit_reason::kind::crashed: result = "crashed"; break;
    case exit_reason::kind::noproc: result = "noproc"; break;
    case exit_reason::kind::timeout: result = "timeout"; break;
  }
  return reason.text.empty() ? result : result + ": " + reason.text;
}

caf::error to_error(const exit_reason& reason) {
  switch (reason.what) {
    case exit_reason::kind::normal: return {};
    case exit_reason::kind::shutdown:
      return reason.text.empty() ? caf::make_error(caf::exit_reason::user_shutdown)
                                 : make_shutdown_error(reason.text);
    case exit_reason::kind::killed: return caf::make_error(caf::exit_reason::kill);
    case exit_reason::kind::crashed: return make_text_error(reason.text);
    case exit_reason::kind::noproc: return caf::make_error(caf::exit_reason::unknown);
    case exit_reason::kind::timeout: return caf::make_error(caf::sec::request_timeout);
  }
  return {};
}

caf::error to_failure(const exit_reason& reason) {
  return reason.what == exit_reason::kind::normal ? caf::make_error(caf::exit_reason::normal)
                                                  : to_error(reason);
}

exit_reason to_exit_reason(const caf::error& reason) {
  if (!reason || is_error(reason, caf::exit_reason::normal))
    return exit_reason::normal();
  if (is_error(reason, caf::exit_reason::user_shutdown))
    return exit_reason::shutdown(context_text(reason));
  if (is_error(reason, caf::exit_reason::kill))
    return exit_reason::killed();
  // CAF's reasons for a monitor set after the process died, and for a request to a dead process.
  if (is_error(reason, caf::exit_reason::unknown)
      || is_error(reason, caf::sec::request_receiver_down))
    return exit_reason::noproc();
  if (is_error(reason, caf::sec::request_timeout))
    return exit_reason::timeout();
  if (is_error(reason, caf::sec::unexpected_message))
    return exit_reason::crashed("the process has no handler for this message");
  if (is_error(reason, caf::sec::unexpected_response))
    return exit_reason::crashed("the answer has a different type than the caller expects");
  if (is_error(reason, caf::sec::runtime_error) && !reason.context().empty())
    return exit_reason::crashed(context_text(reason));
  auto text = context_text(reason);
  return exit_reason::crashed(text.empty() ? to_string(reason) : std::move(text));
}

std::string text_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    const auto* text = error.what();
    return text != nullptr ? text : "exception without a text";
  } catch (...) {
    return "exception of a type other than std::exception";
  }
}

} // namespace ottla
