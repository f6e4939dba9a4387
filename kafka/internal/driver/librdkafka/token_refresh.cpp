#include <ottla/kafka/internal/driver/librdkafka/token_refresh.hpp>
#include <ottla/kafka/internal/text/secret_mask.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace ottla::kafka {

namespace {

constexpr const char* interceptor = "ottla.tokens";

bool is_letter(char one) noexcept {
  return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
}

/// The characters that RFC 7628 allows in values.
bool may_be_sent(char one) noexcept {
  return (one >= ' ' && one <= '~') || one == '\t' || one == '\r' || one == '\n';
}

/// Runs before librdkafka's checks, because their texts would quote the token or an extension.
std::optional<std::string> fault_of(const oauth_token& token) {
  if (token.value.empty())
    return "the token is empty";
  if (!std::ranges::all_of(token.value, may_be_sent))
    return "the token contains a character that cannot be sent";
  if (token.principal.find('\0') != std::string::npos)
    return "the principal contains a NUL";
  for (const auto& [name, value] : token.extensions) {
    if (name.empty() || name == "auth" || !std::ranges::all_of(name, is_letter))
      return "an extension name must have letters only, and must not be \"auth\"";
    if (!std::ranges::all_of(value, may_be_sent))
      return "the extension \"" + name + "\" contains a character that cannot be sent";
  }
  if (token.expires <= std::chrono::system_clock::now())
    return "the token has already expired";
  return std::nullopt;
}

/// librdkafka turns `why` into an error event of the handle.
void report_failure(rd_kafka_t* native, const std::string& why) {
  rd_kafka_oauthbearer_set_token_failure(native, why.empty() ? "no reason was given" : why.c_str());
}

void hand_over(rd_kafka_t* native, const oauth_token& token) {
  if (const auto fault = fault_of(token)) {
    report_failure(native, *fault);
    return;
  }
  std::vector<const char*> extensions;
  for (const auto& [name, value] : token.extensions)
    extensions.insert(extensions.end(), {name.c_str(), value.c_str()});
  const auto expires
    = std::chrono::duration_cast<std::chrono::milliseconds>(token.expires.time_since_epoch());
  std::array<char, 512> why{};
  const auto code = rd_kafka_oauthbearer_set_token(native, token.value.c_str(), expires.count(),
                                                   token.principal.c_str(), extensions.data(),
                                                   extensions.size(), why.data(), why.size());
  // librdkafka's text may contain the token, so only the text of the code is reported.
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    report_failure(native, std::string{"librdkafka rejects the token with the error "}
                             + rd_kafka_err2str(code));
}

void refresh(rd_kafka_t* native, const char* config, void* provider) {
  const auto& ask = *static_cast<const oauth_provider*>(provider);
  try {
    const auto answer = ask(config != nullptr ? config : "");
    if (const auto* why = std::get_if<error>(&answer))
      report_failure(native, why->text);
    else
      hand_over(native, std::get<oauth_token>(answer));
  } catch (const std::exception& thrown) {
    report_failure(native, thrown.what());
  } catch (...) {
    report_failure(native, "the provider of tokens threw an exception");
  }
}

/// Hides the last two tokens in a provider's errors. Belongs to one handle. Only a thread of that
/// handle calls this object.
class masking_provider {
public:
  explicit masking_provider(oauth_provider ask) : ask_{std::move(ask)} {}

  std::variant<oauth_token, error> operator()(const std::string& config) {
    try {
      auto answer = ask_(config);
      if (auto* why = std::get_if<error>(&answer))
        why->text = mask().apply(why->text);
      else
        before_ = std::exchange(last_, std::get<oauth_token>(answer).value);
      return answer;
    } catch (const std::exception& thrown) {
      throw std::runtime_error{mask().apply(thrown.what())};
    }
  }

private:
  secret_mask mask() const {
    secret_mask given;
    given.hide(last_);
    given.hide(before_);
    return given;
  }

  oauth_provider ask_;
  std::string last_;
  std::string before_;
};

// librdkafka calls this function after the last thread that may call the provider has ended.
rd_kafka_resp_err_t on_destroy(rd_kafka_t*, void* provider) {
  delete static_cast<oauth_provider*>(provider);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t on_new(rd_kafka_t* native, const rd_kafka_conf_t*, void* provider, char*,
                           std::size_t) {
  return rd_kafka_interceptor_add_on_destroy(native, interceptor, on_destroy, provider);
}

} // namespace

oauth_provider without_tokens_in_texts(oauth_provider provider) {
  return [masking = std::make_shared<masking_provider>(std::move(provider))](
           const std::string& config) { return (*masking)(config); };
}

void answer_token_requests(rd_kafka_conf_t* conf, oauth_provider* provider) {
  rd_kafka_conf_set_opaque(conf, provider);
  rd_kafka_conf_set_oauthbearer_token_refresh_cb(conf, refresh);
  rd_kafka_conf_interceptor_add_on_new(conf, interceptor, on_new, provider);
}

void begin_to_answer_token_requests(rd_kafka_t* native) {
  // Fails if the handle does not use SASL. Such a handle requests no tokens.
  if (auto* failure = rd_kafka_sasl_background_callbacks_enable(native))
    rd_kafka_error_destroy(failure);
}

} // namespace ottla::kafka
